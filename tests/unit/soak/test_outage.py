from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qjobs.domain.errors import ProviderGaveUpError
from tests.unit.soak.cases import ENDED, GOOD, IDS, KEYLESS, clean
from tools.soak.outage_report import Outage, Outcome, Trouble
from tools.soak.prober import FUNCTIONS_HEALTH, Response

REFUSED = Response("submit", 1.0, 0.5, 503, "application/problem+json", "5")
KEPT = frozenset({IDS[GOOD], IDS[KEYLESS]})


def outcome(responses: Sequence[Response] = (REFUSED,)) -> Outcome:
    """Return what came of an outage in which callers had these responses."""
    state = clean().state
    state = replace(
        state,
        records={job_id: state.records[job_id] for job_id in KEPT},
        programs={key: number for key, number in state.programs.items() if key[0] in KEPT},
        provider_jobs=[one for one in state.provider_jobs if one.name.split()[1] in KEPT],
    )
    outage = Outage(Trouble.STOPPED, began=0.0, ended=30.0, hosts_ended=2)
    return Outcome([outage], responses, KEPT, state, settled=4.0)


def test_an_outage_in_which_all_goes_well() -> None:
    """Refusals in the form of the contract, and whatever needs no storage, are right."""
    well = [
        REFUSED,
        replace(REFUSED, operation="health", status=200, retry_after=None),
        replace(REFUSED, operation=FUNCTIONS_HEALTH, status=500, retry_after=None),
    ]
    assert list(outcome(well).wrong()) == []


@pytest.mark.parametrize(
    "response",
    [
        replace(REFUSED, status=0, media_type="TimeoutError"),
        replace(REFUSED, status=500),
        replace(REFUSED, status=504),
        replace(REFUSED, retry_after=None),
        replace(REFUSED, retry_after="soon"),
        replace(REFUSED, media_type="text/html"),
        replace(REFUSED, status=202),
        replace(REFUSED, operation="health", status=500),
    ],
    ids=str,
)
def test_an_answer_that_no_caller_may_get(response: Response) -> None:
    """Anything but a 503 that says in the form of a problem when to come again."""
    assert str(response) in "\n".join(outcome([response]).wrong())


def test_a_job_that_is_lost_or_has_failed() -> None:
    """An accepted job has a record, and succeeds."""
    good = outcome()
    lost = replace(good, accepted=good.accepted | {"another"})
    record = good.state.records[IDS[GOOD]]
    pending = replace(record.job, status=record.job.status.QUEUED, finished_at=None)
    failed = replace(record, job=pending.failed(ENDED, ProviderGaveUpError()))
    records = {**good.state.records, IDS[GOOD]: failed}

    assert list(lost.wrong()) == ["job another was accepted, and is lost"]
    [told] = replace(good, state=replace(good.state, records=records)).wrong()
    assert told.startswith(f"job {IDS[GOOD]} is Failed")


def test_a_circuit_that_is_missing_or_doubled() -> None:
    """Each is at the provider once, and there is nothing else."""
    good = outcome()
    first, *others = good.state.provider_jobs
    for jobs in (others, [first, *good.state.provider_jobs]):
        told = list(replace(good, state=replace(good.state, provider_jobs=jobs)).wrong())
        assert "its circuits are not at the provider once each" in told[0]


def test_the_figures_are_those_of_the_outage() -> None:
    """Its length, the hosts that ended, the slowest response beside its target, the last end."""
    slow = replace(REFUSED, seconds=6.0)
    figures = {figure.name: figure for figure in outcome([REFUSED, slow]).figures()}

    assert figures["storage stopped, ends of the host"].value == 2
    assert figures["storage stopped, slowest response"].value == 6.0
    assert figures["storage stopped, slowest response"].met is False
    assert figures["from the return of storage to the end of the last job"].value == 4.0
    assert "storage stopped: submit: 2 x 503" in list(outcome([REFUSED, slow]).counts())
