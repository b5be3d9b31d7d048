"""A run that kept every rule, for mistakes to be seeded into."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from qjobs.domain.errors import DeadlineExceededError, ProviderRejectedError
from qjobs.domain.identifiers import new_job_id, provider_job_id
from qjobs.domain.job import Job, Status
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import TargetChoice
from tools.soak.audit import Case
from tools.soak.disturber import Done
from tools.soak.journal import Entry
from tools.soak.run import Outcome, Plan
from tools.soak.schedule import Kind
from tools.soak.state import ProviderJobState, QueueState, Record, State
from tools.soak.workload import CALLERS, PlannedJob, Recipe

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=3)
TARGET = TargetChoice("local.sim.aer", "local", Mode.SIMULATOR, "the only one")
ELSEWHERE = "ionq.simulator"
OWNER = "owner"
SEEDED = Recipe("seeded", "ghz", {"shots": 10}, 2, repeats=True)
DOOMED = Recipe("doomed", "ghz", {"shots": 10}, 1, fails=True)
REFUSED = ProviderRejectedError("ProgramRefused: The program is too wide for this machine.")
GOOD, KEYLESS, CANCELED, LATE, BAD = "good", "keyless", "canceled", "late", "doomed"
STEPS = 2
"""Of each job, with two circuits in each."""


def planned(label: str, recipe: Recipe = SEEDED, **more: Any) -> PlannedJob:  # noqa: ANN401 - members of any type
    """Return a planned job, under a key."""
    return PlannedJob(label, CALLERS[0], recipe, 0.0, **{"key": f"key of {label}", **more})


def job_of(label: str) -> Job:
    """Return the record of a job that is queued."""
    return Job(
        id=new_job_id(BEGAN + timedelta(seconds=len(label))),
        owner=OWNER,
        algorithm="ghz",
        status=Status.QUEUED,
        created_at=BEGAN,
        updated_at=BEGAN,
        retention=timedelta(days=30),
        due=None,
        requested_target=TargetRequest(mode=Mode.SIMULATOR),
        shots=10,
        name=label,
        deadline=BEGAN + timedelta(seconds=2) if label == LATE else None,
        target=TARGET,
        step=STEPS - 1,
        placed_at=BEGAN,
    )


PLANS = {
    GOOD: planned(GOOD, other_body=True),
    KEYLESS: planned(KEYLESS, key=None),
    CANCELED: planned(CANCELED, cancel_after=0.1),
    LATE: planned(LATE, deadline=2),
    BAD: planned(BAD, DOOMED),
}
JOBS = {
    GOOD: job_of(GOOD).succeeded(ENDED),
    KEYLESS: job_of(KEYLESS).succeeded(ENDED),
    CANCELED: job_of(CANCELED).canceling(BEGAN, timedelta(seconds=1)).canceled(ENDED),
    LATE: job_of(LATE).canceled(ENDED, DeadlineExceededError()),
    BAD: job_of(BAD).failed(ENDED, REFUSED),
}
IDS = {label: job.id for label, job in JOBS.items()}
CONTENT: dict[str, Any] = {
    "result": {"fidelity": 1},
    "counts": [{"00": 10}, {"11": 10}],
    "provenance": {"target": {"id": TARGET.id}},
}


def key_of(label: str) -> str:
    """Return the name of the reservation of a job's key."""
    return f"{OWNER}/{sha256(f'key of {label}'.encode()).hexdigest()}"


def clean() -> Case:
    """Return a case in which every rule is kept."""
    circuits = [
        ProviderJobState(
            provider_job_id(job.id, step, index), f"ghz {job.id}", TARGET.id, "Succeeded"
        )
        for job in JOBS.values()
        for step in range(STEPS)
        for index in range(2)
    ]
    state = State(
        records={
            job.id: Record(job, content=CONTENT if job.status is Status.SUCCEEDED else None)
            for job in JOBS.values()
        },
        documents=[f"{OWNER}/{job.id}/step-0.json" for job in JOBS.values()],
        programs={(job.id, step): 2 for job in JOBS.values() for step in range(STEPS)},
        reservations={key_of(label): IDS[label] for label in (GOOD, CANCELED, LATE, BAD)},
        provider_jobs=circuits,
        sessions={"one": "Succeeded", "other": "Failed", "late": "TimedOut"},
        inputs=frozenset(one.id for one in circuits),
        queues=[QueueState("qjobs-track", (), 2), QueueState("qjobs-track-poison")],
    )
    journal = [
        Entry(
            plan,
            sent=True,
            ids={IDS[label]},
            other_body=[422] if plan.other_body else [],
            canceled=[202] if plan.cancel_after else [],
            told={JOBS[label].status} if label == GOOD else set(),
            shown=JOBS[label].status,
            listed=True,
        )
        for label, plan in PLANS.items()
    ]
    return Case(state, journal, {SEEDED.name: CONTENT})


START = BEGAN.timestamp()


def outcome() -> Outcome:
    """Return a run of the clean case."""
    case = clean()
    return Outcome(
        plan=Plan(seed=7, jobs=5),
        state=case.state,
        journal=case.journal,
        findings=[],
        disturbances=[
            Done(Kind.KILL_HOST, START + 1, START + 3),
            Done(Kind.SHIFT_QUEUES, START + 2, START + 2.1),
        ],
        faults=Counter({"blobs: reset": 4}),
        messages=Counter({"copies of messages": 9}),
        ends=3,
        began=START,
        drained=12.34,
    )
