from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from emulator_support import recordings
from emulator_support.recordings import Step
from emulator_support.same_distribution import p_value

SEED = 20260101
FALSE_ALARMS = 1e-3
"""Probability that any of the statistical tests fails for a choice of seed, though all is well."""
EXACT = "ionq.simulator"


@dataclass(frozen=True, slots=True)
class RecordedJob:
    """A job of the real service: what it was given and what came of it."""

    name: str
    task: Task
    output: Any
    """The content of the output blob; None if it was not read."""
    error: dict[str, str] | None


@cache
def recorded_jobs() -> list[RecordedJob]:
    """Return the recorded jobs whose end was recorded: an output or an error."""
    jobs = [
        _job(name, steps, step)
        for name, steps in recordings.scenarios().items()
        for step in steps
        if step.operation == "PUT jobs/id"
    ]
    return [job for job in jobs if job.output is not None or job.error is not None]


def _job(name: str, steps: list[Step], put: Step) -> RecordedJob:
    job_id = put.path.rpartition("/")[2]
    of_job = [step for step in steps if job_id in step.path]
    blobs = [step for step in of_job if step.service == "blob"]
    source = next(step.body for step in blobs if step.method == "PUT" and step.body)
    outputs = [step.answer for step in blobs if step.status in {200, 206} and step.answer]
    ends = [step.answer for step in of_job if step.service == "quantum" and step.method == "GET"]
    task = Task(
        target=put.body["target"],
        source=(source if isinstance(source, str) else json.dumps(source)).encode(),
        input_format=put.body["inputDataFormat"],
        input_params={**put.body["inputParams"], "seed": SEED},
        output_format=put.body["outputDataFormat"],
    )
    error = ends[-1]["errorData"] if ends else None
    return RecordedJob(f"{name} {job_id[-4:]}", task, outputs[-1] if outputs else None, error)


def draws(output: dict[str, Any]) -> list[Hashable]:
    """Return the outcomes of all shots, whatever the format."""
    match output:
        case {"Results": [{"Shots": list(shots)}]}:
            return [json.dumps(shot) for shot in shots]
        case dict() if all(isinstance(count, int) for count in output.values()):  # Pasqal
            return [state for state, count in output.items() for _ in range(count)]
        case _:  # registers, each with a value for every shot
            return [json.dumps(shot) for shot in zip(*output.values(), strict=True)]


def statistical() -> list[RecordedJob]:
    """Return the jobs whose outcome is random."""
    return [job for job in recorded_jobs() if job.output and job.task.target != EXACT]


def agrees(job: RecordedJob, done: Completed | JobError) -> bool:
    """Return whether we give what the service gave."""
    if isinstance(done, JobError):
        return job.error == {"code": done.code, "message": done.message}
    return job.error is None and _same_output(job, json.loads(done.output))


def _same_output(job: RecordedJob, ours: dict[str, Any]) -> bool:
    if job.task.target == EXACT:
        return bool(ours == job.output)
    # Pasqal's format has states for keys, and not registers.
    same_keys = job.task.input_format == "pasqal.pulser.v1" or list(ours) == list(job.output)
    one, other = draws(ours), draws(job.output)
    level = FALSE_ALARMS / len(statistical())
    return same_keys and len(one) == len(other) and p_value(one, other) > level


@pytest.mark.skipif(not recordings.scenarios(), reason="the recordings are not there")
@pytest.mark.parametrize("job", recorded_jobs(), ids=lambda job: job.name)
def test_a_recorded_job_gives_what_it_gave(
    job: RecordedJob, record_property: Callable[[str, object], None]
) -> None:
    """The output of the service is ours: the same where it is exact, else as a sample may be."""
    done = execute(job.task)
    right = agrees(job, done)
    record_property("figure", ("recorded jobs with the recorded outcome", int(right), 1))
    assert right, (done.output if isinstance(done, Completed) else done, job.output)


@pytest.mark.skipif(not recordings.scenarios(), reason="the recordings are not there")
def test_every_provider_is_among_the_recorded_jobs() -> None:
    """The comparison covers all providers, and failures as well as results."""
    jobs = recorded_jobs()
    assert {job.task.target.partition(".")[0] for job in jobs} == {
        "ionq",
        "quantinuum",
        "rigetti",
        "pasqal",
        "echo-quantinuum",
    }
    assert any(job.error for job in jobs)


@pytest.mark.skipif(not recordings.scenarios(), reason="the recordings are not there")
def test_the_comparison_notices_a_wrong_program() -> None:
    """Recorded GHZ states do not pass for those of a program that measures another qubit."""
    job = next(
        job
        for job in statistical()
        if job.task.target == "rigetti.sim.qvm" and len(draws(job.output)) == 100
    )
    measured = b"m__body(%Qubit* inttoptr (i64 "
    wrong = job.task.source.replace(measured + b"2", measured + b"3")
    assert wrong != job.task.source
    done = execute(replace(job.task, source=wrong))
    assert isinstance(done, Completed)
    assert p_value(draws(json.loads(done.output)), draws(job.output)) < 1e-9
