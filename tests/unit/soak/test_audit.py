from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qjobs.domain.errors import ProcessingFailedError, ProviderRejectedError, QJobsError
from qjobs.domain.identifiers import new_job_id, provider_job_id
from qjobs.domain.job import Status
from tests.unit.soak.cases import (
    BAD,
    BEGAN,
    CANCELED,
    CONTENT,
    ELSEWHERE,
    ENDED,
    GOOD,
    IDS,
    JOBS,
    KEYLESS,
    LATE,
    OWNER,
    TARGET,
    clean,
    job_of,
    key_of,
)
from tools.soak.audit import RULES, Case, audit
from tools.soak.state import ProviderJobState, QueueState, Record


def with_state(case: Case, **members: Any) -> Case:  # noqa: ANN401 - anything of the state
    """Return a case with another state."""
    return replace(case, state=replace(case.state, **members))


def with_job(label: str, **members: Any) -> Case:  # noqa: ANN401 - anything of a record
    """Return a case in which one record is another."""
    case = clean()
    old = case.state.records[IDS[label]]
    content = members.pop("content", old.content)
    tags = members.pop("tags", old.tags)
    record = Record(replace(old.job, **members), tags, content)
    return with_state(case, records={**case.state.records, IDS[label]: record})


def failing(label: str, error: QJobsError) -> Case:
    """Return a case in which one job has failed."""
    failed = job_of(label).failed(ENDED, error)
    return with_job(label, status=failed.status, error=failed.error, content=None)


def with_entry(label: str, **members: Any) -> Case:  # noqa: ANN401 - anything of an entry
    """Return a case in which a caller was told something else."""
    case = clean()
    for name, value in members.items():
        setattr(case.entries[label], name, value)
    return case


def with_circuit(label: str, index: int, **members: Any) -> Case:  # noqa: ANN401 - members of any type
    """Return a case in which one of a job's circuits at the provider is another."""
    case = clean()
    wanted = provider_job_id(IDS[label], 0, index)
    circuits = [
        replace(one, **members) if one.id == wanted else one for one in case.state.provider_jobs
    ]
    return with_state(case, provider_jobs=circuits)


def without(label: str) -> Case:
    """Return a case in which a job's record is gone, and nothing else."""
    records = clean().state.records
    return with_state(
        clean(), records={key: one for key, one in records.items() if key != IDS[label]}
    )


def more_provider_jobs(*circuits: ProviderJobState) -> Case:
    """Return a case with more jobs at the provider."""
    return with_state(clean(), provider_jobs=[*clean().state.provider_jobs, *circuits])


def second_record() -> Case:
    """Return a case in which a submission became two jobs."""
    twin = replace(JOBS[KEYLESS], id=new_job_id(BEGAN))
    records = {**clean().state.records, twin.id: Record(twin, content=CONTENT)}
    programs = {**clean().state.programs, (twin.id, 0): 0}
    return with_state(clean(), records=records, programs=programs)


def test_a_run_without_mistakes_has_no_findings() -> None:
    """The clean case keeps every rule, so that each finding below is of its mistake."""
    assert audit(clean()) == []


NAME = f"ghz {IDS[GOOD]}"
STRANGER = new_job_id(BEGAN + timedelta(days=1))
PASSES = ProviderRejectedError("The workspace refused the request: None")
MISTAKES: list[tuple[str, str, Callable[[], Case]]] = [
    ("lost", "a record is gone", lambda: without(KEYLESS)),
    ("lost", "the API shows none", lambda: with_entry(GOOD, shown="404")),
    ("lost", "the API shows an older state", lambda: with_entry(GOOD, shown="Running")),
    ("lost", "it is in no list", lambda: with_entry(GOOD, listed=False)),
    ("refused", "a valid body", lambda: with_entry(GOOD, ids=set(), refusals=[400])),
    ("refused", "without a key", lambda: with_entry(KEYLESS, ids=set(), refusals=[400])),
    ("refused", "never under a key", lambda: with_entry(GOOD, ids=set())),
    ("stuck", "queued", lambda: with_job(GOOD, status=Status.QUEUED, content=None)),
    ("stuck", "canceling", lambda: with_job(CANCELED, status=Status.CANCELING)),
    ("failed for what passes", "the provider", lambda: failing(GOOD, PASSES)),
    ("failed for what passes", "storage", lambda: failing(GOOD, ProcessingFailedError())),
    ("failed for what passes", "of another reason", lambda: failing(BAD, PASSES)),
    ("failed for what passes", "not canceled", lambda: with_job(GOOD, status=Status.CANCELED)),
    (
        "failed for what passes",
        "before its deadline",
        lambda: with_job(LATE, deadline=ENDED + timedelta(seconds=1)),
    ),
    (
        "failed for what passes",
        "refused, and yet a success",
        lambda: with_job(BAD, status=Status.SUCCEEDED, error=None, content=CONTENT),
    ),
    ("told otherwise", "another end", lambda: with_entry(GOOD, told={"Failed"})),
    ("told otherwise", "a cancellation taken", lambda: with_entry(GOOD, canceled=[202])),
    ("told otherwise", "a cancellation refused", lambda: with_entry(CANCELED, canceled=[409])),
    ("doubled job", "two ids", lambda: with_entry(GOOD, ids={IDS[GOOD], STRANGER})),
    ("doubled job", "two records", second_record),
    ("doubled job", "another body taken", lambda: with_entry(GOOD, other_body=[202])),
    (
        "doubled job",
        "its key is another's",
        lambda: with_state(
            clean(), reservations={**clean().state.reservations, key_of(GOOD): IDS[BAD]}
        ),
    ),
    (
        "doubled or missing circuit",
        "one that is of no step",
        lambda: more_provider_jobs(ProviderJobState(STRANGER, NAME, TARGET.id, "Succeeded")),
    ),
    (
        "doubled or missing circuit",
        "the same one twice",
        lambda: more_provider_jobs(clean().state.provider_jobs[0]),
    ),
    (
        "doubled or missing circuit",
        "of no job",
        lambda: more_provider_jobs(
            ProviderJobState(STRANGER, f"ghz {STRANGER}", TARGET.id, "Succeeded")
        ),
    ),
    (
        "doubled or missing circuit",
        "one is missing",
        lambda: with_state(clean(), provider_jobs=clean().state.provider_jobs[1:]),
    ),
    ("doubled or missing circuit", "a step too many", lambda: with_job(GOOD, step=0)),
    ("session left open", "waiting", lambda: with_state(clean(), sessions={STRANGER: "Waiting"})),
    ("session left open", "failures", lambda: with_state(clean(), sessions={"s": "Failure(s)"})),
    ("left running", "waiting", lambda: with_circuit(CANCELED, 1, status="Waiting")),
    ("left running", "executing", lambda: with_circuit(GOOD, 0, status="Executing")),
    ("other target", "circuits at two", lambda: with_circuit(LATE, 1, target=ELSEWHERE)),
    (
        "other target",
        "the record names another",
        lambda: with_job(GOOD, target=replace(TARGET, id=ELSEWHERE)),
    ),
    (
        "other target",
        "the provenance names another",
        lambda: with_job(GOOD, content={**CONTENT, "provenance": {"target": {"id": ELSEWHERE}}}),
    ),
    (
        "wrong result",
        "another result",
        lambda: with_job(GOOD, content={**CONTENT, "result": {"fidelity": 0.5}}),
    ),
    (
        "wrong result",
        "other counts",
        lambda: with_job(GOOD, content={**CONTENT, "counts": [{"00": 10}, {"10": 10}]}),
    ),
    (
        "wrong result",
        "a circuit less",
        lambda: with_job(GOOD, content={**CONTENT, "counts": [{"00": 10}]}),
    ),
    (
        "wrong result",
        "a reading less, of a target that does not repeat itself",
        lambda: replace(
            with_job(GOOD, content={**CONTENT, "counts": [{"00": 9}, {"11": 10}]}), references={}
        ),
    ),
    ("wrong result", "no result", lambda: with_job(GOOD, content=None)),
    ("orphan", "a record of no submission", lambda: with_job(GOOD, name="of nobody")),
    ("orphan", "an unreadable record", lambda: with_state(clean(), unreadable=["owner/x"])),
    (
        "orphan",
        "a document",
        lambda: with_state(clean(), documents=[f"{OWNER}/{STRANGER}/step-0.json"]),
    ),
    (
        "orphan",
        "a reservation",
        lambda: with_state(
            clean(), reservations={**clean().state.reservations, "owner/x": STRANGER}
        ),
    ),
    (
        "orphan",
        "a container of a circuit",
        lambda: with_state(clean(), inputs=clean().state.inputs | {STRANGER}),
    ),
    ("orphan", "a new container", lambda: with_state(clean(), unknown_containers=["outbox"])),
    (
        "message left",
        "a visible one",
        lambda: with_state(clean(), queues=[QueueState("qjobs-track", ("{}",), 1)]),
    ),
    (
        "message left",
        "a poisoned one under a lease",
        lambda: with_state(clean(), queues=[QueueState("qjobs-track-poison", (), 1)]),
    ),
    ("stale mark", "of a final job", lambda: with_job(GOOD, tags={"due": "2026"})),
]


@pytest.mark.parametrize(
    ("rule", "make"),
    [(rule, make) for rule, _, make in MISTAKES],
    ids=[f"{rule}: {what}" for rule, what, _ in MISTAKES],
)
def test_a_mistake_is_found(rule: str, make: Callable[[], Case]) -> None:
    """Each seeded mistake is reported under the rule it breaks."""
    assert rule in {finding.rule for finding in audit(make())}


def test_every_rule_has_a_mistake_that_breaks_it() -> None:
    """A rule that nothing breaks would not be one."""
    assert {rule for rule, _, _ in MISTAKES} == RULES.keys()


def test_a_job_that_its_caller_knows_nothing_of_is_allowed_without_a_key() -> None:
    """The response may have been lost; the job has to end like any other."""
    assert audit(with_entry(KEYLESS, ids=set(), shown=None)) == []


def test_a_job_may_move_on_while_a_run_is_given_up() -> None:
    """As long as anything is pending, the API may have shown a state that has passed."""
    case = with_circuit(CANCELED, 1, status="Waiting")
    case.entries[GOOD].shown = "Running"

    assert {finding.rule for finding in audit(case)} == {"left running"}


def test_a_job_that_was_ended_need_not_have_all_its_circuits() -> None:
    """Its caller, or its deadline, came first."""
    gone = {provider_job_id(IDS[label], 1, 1) for label in (CANCELED, LATE)}
    left = [one for one in clean().state.provider_jobs if one.id not in gone]

    assert audit(with_state(clean(), provider_jobs=left)) == []


@pytest.mark.parametrize(("value", "rules"), [(1, set()), (2, {"wrong result"})])
def test_the_time_of_a_comparison_is_no_part_of_the_result(value: float, rules: set[str]) -> None:
    """It is another in every run; the value that was compared is not."""

    def content(value: float, seconds: float) -> dict[str, Any]:
        comparison = {"value": value, "seconds": seconds}
        return {**CONTENT, "result": {**CONTENT["result"], "comparison": comparison}}

    case = clean()
    records = {
        key: replace(record, content=record.content and content(value, 0.7))
        for key, record in case.state.records.items()
    }
    case = replace(with_state(case, records=records), references={"seeded": content(1, 0.5)})

    assert {finding.rule for finding in audit(case)} == rules


def test_a_finding_names_the_job() -> None:
    """Whoever reads it finds the job in logs and storage."""
    (finding,) = (one for one in audit(failing(GOOD, PASSES)) if "passes" in one.rule)

    assert finding.subject == IDS[GOOD]
    assert finding.detail == f"{GOOD} (seeded): Failed: provider-rejected: {PASSES.detail}"


@pytest.mark.parametrize(
    ("case", "pending"),
    [
        (clean, 0),
        (lambda: with_job(GOOD, status=Status.QUEUED, content=None, tags={"due": "2026"}), 1),
        (lambda: with_job(GOOD, tags={"due": "2026"}), 1),
        (lambda: with_circuit(GOOD, 0, status="Waiting"), 1),
        (lambda: with_state(clean(), queues=[QueueState("qjobs-track", ("{}", "{}"), 5)]), 2),
    ],
)
def test_a_run_is_over_when_nothing_is_pending(case: Callable[[], Case], pending: int) -> None:
    """Jobs, marks, provider jobs and visible messages are; what is under a lease is not."""
    assert case().state.pending == pending


@pytest.mark.parametrize(
    ("members", "planned"),
    [
        ({}, 0),
        ({"due": ENDED + timedelta(seconds=1)}, 1),
        ({"due": ENDED - timedelta(seconds=1)}, 0),
        ({"due": ENDED + timedelta(seconds=1), "status": Status.RUNNING}, 0),
    ],
    ids=["not marked", "due later", "overdue", "goes on"],
)
def test_a_look_that_is_to_come_is_waited_for(members: dict[str, Any], planned: int) -> None:
    """At jobs that have ended; one that is overdue should have had its look."""
    assert with_job(GOOD, **members).state.looks_ahead(ENDED) == planned
