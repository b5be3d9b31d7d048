"""The trace of a job and the metrics, as the services record them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.algorithm import Finish
from qjobs.domain.errors import ProviderRejectedError, ProviderUnavailableError
from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.domain.plan import Plan
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.trace_context import trace_id
from qjobs.telemetry import JOBS, METRICS, OLDEST_JOB, Kind
from tests.fakes import BELL, FakePorts, FakeSpan, FakeTelemetry
from tests.unit.services.jobs import started, stored

CALLER = f"00-{'a' * 32}-{'b' * 16}-01"
INVOCATION = f"00-{'c' * 32}-{'d' * 16}-01"


@pytest.fixture
def telemetry(ports: FakePorts) -> FakeTelemetry:
    """Record what the services report."""
    ports.telemetry = made = FakeTelemetry()
    return made


async def submitted(services: Services, **members: object) -> Job:
    """Return a job that a request in a trace has submitted."""
    body = {"input": {}, **members}
    return (await services.submit("owner", "bell", body, None, CALLER)).job


def names(telemetry: FakeTelemetry) -> list[str]:
    """Return what was done, in the order in which it began."""
    return [span.name for span in telemetry.spans]


def values(telemetry: FakeTelemetry, name: str) -> list[tuple[Any, ...]]:
    """Return the values of a metric, each after its attributes."""
    return [(*known.values(), value) for one, value, known in telemetry.values if one == name]


def the(telemetry: FakeTelemetry, name: str) -> FakeSpan:
    """Return the only span of a name."""
    (span,) = [span for span in telemetry.spans if span.name == name]
    return span


async def test_a_job_is_one_trace(services: Services, telemetry: FakeTelemetry) -> None:
    """The visit of the queue's function is in the trace of the request, and all else below it."""
    job = await submitted(services)
    telemetry.spans.clear()
    await services.dispatch(job.message(), INVOCATION)

    visit, *below = telemetry.spans
    assert (visit.name, visit.parent, visit.link) == ("dispatch", CALLER, INVOCATION)
    assert {span.parent for span in below} == {visit.trace_parent}
    assert {trace_id(span.trace_parent) for span in telemetry.spans} == {trace_id(CALLER)}
    assert all(span.ended for span in telemetry.spans)
    assert names(telemetry)[1:] == [
        "provider targets",
        "algorithm start",
        "provider targets",
        "provider open session",
        "provider submit",
        "provider status",
        "provider counts",
        "algorithm resume",
        "provider close session",
        "end",
    ]


async def test_a_call_to_the_provider_says_what_and_where(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Target, operation, the provider's id of the job, and how it stands."""
    await services.dispatch((await submitted(services)).message())

    (provider_job,) = ports.provider.submissions
    about = {"qjobs.target.id": "local.sim.aer", "qjobs.provider.job.id": provider_job}
    assert the(telemetry, "provider submit").kind is Kind.CLIENT
    for method, more in (
        ("submit", {}),
        ("status", {"qjobs.provider.job.status": "succeeded"}),
        ("counts", {}),
    ):
        call = {"rpc.system": "azure-quantum", "rpc.method": method}
        assert the(telemetry, f"provider {method}").attributes == {**call, **about, **more}


async def test_a_job_that_waits_in_a_queue_stays_in_its_trace(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """The message that is put back carries the trace, and the next visit is in it."""
    ports.provider.polls = 100
    await services.dispatch((await submitted(services, target={"mode": "Hardware"})).message())
    message, delay = ports.queue.sent.pop()
    sent = the(telemetry, "send qjobs-track")
    assert sent.kind is Kind.PRODUCER
    assert sent.attributes["qjobs.message.delay"] == delay > 0

    ports.provider.polls = 0
    await services.track(Message.decode(message.encode()))
    assert the(telemetry, "track").parent == CALLER
    assert the(telemetry, "end").attributes["qjobs.job.status"] == "Succeeded"


async def test_work_after_the_response_is_in_the_trace(
    services: Services, telemetry: FakeTelemetry
) -> None:
    """What the process that accepted a job carries on itself is a visit like that of a queue."""
    with telemetry.span("submit_job", parent=CALLER) as request:
        accepted = await services.submit("owner", "bell", {"input": {}}, None, request.trace_parent)
        await started(services, accepted, wait=30)

    visit = the(telemetry, "dispatch")
    assert visit.parent == request.trace_parent
    assert visit.attributes["qjobs.visit.source"] == "request"
    assert the(telemetry, "send qjobs-dispatch").parent == request.trace_parent


async def test_a_lost_job_is_found_in_its_trace(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Reconciliation, which nothing else in the trace asks for, is in it."""
    await submitted(services)
    ports.clock.advance(1000)
    await services.reconcile()

    found = the(telemetry, "reconcile")
    assert found.parent == CALLER
    assert the(telemetry, "send qjobs-dispatch").parent == found.trace_parent
    assert ports.queue.sent[0][0].trace_parent == CALLER


async def test_a_poisoned_message_is_in_the_trace(
    services: Services, telemetry: FakeTelemetry
) -> None:
    """With how the job ends by it."""
    job = await submitted(services)
    message = replace(job.message(), revivals=schedule.MOST_REVIVALS)
    await services.poison(message.encode(), INVOCATION)

    assert (the(telemetry, "poison").parent, the(telemetry, "poison").link) == (CALLER, INVOCATION)
    outcome = {"qjobs.job.status": "Failed", "error.type": "processing-failed"}
    assert the(telemetry, "end").attributes == {"qjobs.job.id": job.id, **outcome}
    assert values(telemetry, "qjobs.jobs.ended") == [("Failed", "processing-failed", 1)]


async def test_a_job_without_a_trace_is_processed_all_the_same(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Its message may be of an earlier version; each visit is a trace of its own then."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    await services.dispatch(job.message())

    assert the(telemetry, "dispatch").parent is None
    assert (await stored(ports, job)).final


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ProviderUnavailableError("No."), "no-response"),
        (ProviderUnavailableError("No.", called=False), "not-called"),
        (ProviderUnavailableError("No.", kind=ProviderErrorKind.THROTTLED), "throttled"),
        (ProviderRejectedError("No."), "rejected"),
        (ProviderRejectedError("No.", ProviderErrorKind.QUOTA), "quota"),
    ],
)
async def test_errors_of_the_provider_are_counted_by_kind(
    services: Services,
    ports: FakePorts,
    telemetry: FakeTelemetry,
    error: Exception,
    kind: str,
) -> None:
    """The span has the kind as well, and not what the error says."""
    job = await submitted(services)
    ports.provider.failures = [error]
    await services.dispatch(job.message())

    assert values(telemetry, "qjobs.provider.errors") == [(kind, 1)]
    assert the(telemetry, "provider targets").attributes["error.type"] == kind
    assert the(telemetry, "dispatch").attributes["error.type"] == kind


async def test_a_visit_that_meets_a_bug_says_so(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """By the class of the error; the message is sent again in the same trace."""
    job = await submitted(services)
    ports.provider.failures = [RuntimeError("A secret.")]
    await services.dispatch(job.message())

    assert the(telemetry, "dispatch").attributes["error.type"] == "RuntimeError"
    assert the(telemetry, "send qjobs-dispatch").parent == the(telemetry, "dispatch").trace_parent
    assert "secret" not in str([span.attributes for span in telemetry.spans])


async def test_an_error_of_a_target_names_the_target(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """One target in trouble is told from all in trouble."""
    ports.provider.polls = 100
    await services.dispatch((await submitted(services, target={"mode": "Hardware"})).message())
    message, _ = ports.queue.sent.pop()
    ports.provider.failures = [ProviderUnavailableError("No.")]
    await services.track(message)

    assert values(telemetry, "qjobs.provider.errors") == [("no-response", "ionq.qpu.aria-1", 1)]


async def test_placement_is_measured_from_acceptance(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Once for a job, however many steps it has."""
    more: Iterator[Plan | Finish] = iter([Plan((BELL,), {}), Finish({})])
    ports.algorithms.then = lambda *_: next(more)
    job = await submitted(services)
    ports.clock.advance(7)
    await services.dispatch(job.message())

    assert values(telemetry, "qjobs.job.placement.duration") == [("local.sim.aer", 7.0)]
    assert values(telemetry, "qjobs.jobs.ended") == [("Succeeded", 1)]


async def test_placement_counts_the_time_in_which_the_provider_did_not_answer(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """The first attempt stored the step and could not submit it; the second one places it."""
    job = await submitted(services)
    await services.ports.provider.targets()
    ports.clock.advance(1)
    fails = ports.provider.submit

    async def refuse(_: object) -> None:
        raise ProviderUnavailableError

    ports.provider.submit = refuse  # type: ignore[method-assign, assignment]
    await services.dispatch(job.message())
    assert values(telemetry, "qjobs.job.placement.duration") == []

    ports.provider.submit = fails  # type: ignore[method-assign]
    ports.clock.advance(60)
    await services.dispatch(ports.queue.sent.pop()[0])
    assert values(telemetry, "qjobs.job.placement.duration") == [("local.sim.aer", 61.0)]


async def test_a_job_that_ends_twice_is_counted_once(
    services: Services, telemetry: FakeTelemetry
) -> None:
    """A double of its message finds it ended."""
    job = await submitted(services)
    await services.dispatch(job.message())
    await services.dispatch(job.message())

    assert values(telemetry, "qjobs.jobs.ended") == [("Succeeded", 1)]


async def test_waiting_requests_are_counted_while_they_wait(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Up when a wait begins and down when it is over: nothing is left."""
    job = await submitted(services)
    await services.find_job(job.owner, job.id, wait=2)

    changes = [change for (change,) in values(telemetry, "qjobs.requests.waiting")]
    assert sum(changes) == 0
    assert set(changes) == {1, -1}


async def test_jobs_are_measured_by_state_and_age(
    services: Services, ports: FakePorts, telemetry: FakeTelemetry
) -> None:
    """Those of devices, whose queues take days, apart from those of simulators."""
    ports.provider.polls = 100
    device = await submitted(services, target={"mode": "Hardware"})
    await services.dispatch(device.message())
    ports.clock.advance(100)
    await submitted(services)
    ports.clock.advance(5)
    await submitted(services)
    age = (ports.clock.now() - device.created_at).total_seconds()
    await services.measure()

    assert dict(values(telemetry, JOBS.name)) == {
        "Queued": 2,
        "Submitted": 0,
        "Running": 1,
        "Canceling": 0,
    }
    assert dict(values(telemetry, OLDEST_JOB.name)) == {True: 5.0, False: age}


async def test_without_jobs_nothing_is_old(services: Services, telemetry: FakeTelemetry) -> None:
    """Zero says that it was measured; no value would say that nothing measures."""
    await services.measure()

    assert dict(values(telemetry, OLDEST_JOB.name)) == {True: 0.0, False: 0.0}
    assert {value for _, value in values(telemetry, JOBS.name)} == {0}


async def test_a_measurement_that_fails_is_logged(
    services: Services,
    ports: FakePorts,
    telemetry: FakeTelemetry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The timer goes on to the heartbeats."""

    async def fail() -> None:
        raise OSError

    ports.jobs.unfinished = fail  # type: ignore[method-assign, assignment]
    await services.measure()

    assert "not counted" in caplog.text
    assert telemetry.values == []


async def test_without_telemetry_nothing_is_measured(services: Services, ports: FakePorts) -> None:
    """The query costs money."""
    asked = []

    async def unfinished() -> None:
        asked.append(1)

    ports.jobs.unfinished = unfinished  # type: ignore[method-assign, assignment]
    await services.measure()

    assert asked == []


def test_metrics_have_names_of_their_own() -> None:
    """A name that is there twice would be one metric."""
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(metric.name.startswith("qjobs.") for metric in METRICS)
