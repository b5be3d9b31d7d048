"""Every way to end a job before it has a result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Status
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted, stored


async def test_a_canceled_job_is_withdrawn_from_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """Canceling a job that is at the provider asks the provider to stop it."""
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.polls = 10_000
    await services.dispatch(job.message())

    canceling = await services.cancel("owner", job.id)
    await services.track(canceling.message())

    assert canceling.status is Status.CANCELING
    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
    canceled = await stored(ports, job)
    assert canceled.status is Status.CANCELED
    assert canceled.error is not None
    assert canceled.error.code == "job-canceled"


async def test_a_job_canceled_before_it_starts_never_reaches_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """The cancellation of a queued job needs no provider, whichever message comes first."""
    job = await accepted(services)
    canceling = await services.cancel("owner", job.id)

    await services.dispatch(job.message())
    await services.track(canceling.message())

    assert ports.provider.submitted == {}
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_a_job_canceled_while_it_is_placed_is_withdrawn(
    services: Services, ports: FakePorts
) -> None:
    """A cancellation that comes between submission and record leaves nothing running."""
    ports.provider.polls = 100
    job = await accepted(services)
    submit = ports.provider.submit

    async def cancel_meanwhile(provider_job: object) -> None:
        await submit(provider_job)  # type: ignore[arg-type]
        await services.cancel("owner", job.id)

    ports.provider.submit = cancel_meanwhile  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    assert ports.provider.canceled[0] == provider_job_id(job.id, 0, 0)
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_a_job_withdrawn_behind_a_trackers_back_is_canceled(
    services: Services, ports: FakePorts
) -> None:
    """Who polls a job that somebody else has just withdrawn does not take it for a failure."""
    job = await accepted(services)
    status = ports.provider.status

    async def withdrawn_meanwhile(target: str, provider_job: str) -> ProviderStatus:
        await services.cancel("owner", job.id)
        await ports.provider.cancel(target, provider_job)
        return await status(target, provider_job)

    ports.provider.status = withdrawn_meanwhile  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert ended.error is not None
    assert (ended.status, ended.error.code) == (Status.CANCELED, "job-canceled")


async def test_a_result_after_the_wish_to_cancel_is_not_shown(
    services: Services, ports: FakePorts
) -> None:
    """A job that was canceled in its last moment stays canceled and has no result."""
    job = await accepted(services)

    def cancel_then_finish(inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Finish:
        record = ports.jobs.peek("owner", job.id)
        ports.jobs.overwrite(record.canceling(ports.clock.now(), timedelta(minutes=1)))
        return Finish({})

    ports.algorithms.then = cancel_then_finish
    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.CANCELED
    assert (await services.read_outcome("owner", job.id)).result is None


async def test_a_job_that_ended_behind_a_trackers_back_stays_as_it_ended(
    services: Services, ports: FakePorts
) -> None:
    """What is noted of a run that still waits makes no ended job due again."""
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.polls = 10_000
    await services.dispatch(job.message())
    [(message, _)] = ports.queue.sent
    ends = (await stored(ports, job)).canceled(ports.clock.now())

    async def end_meanwhile(_: str, __: str) -> ProviderStatus:
        ports.jobs.overwrite(ends)
        return ProviderStatus(Phase.WAITING)

    ports.provider.status = end_meanwhile  # type: ignore[assignment,method-assign]
    await services.track(message)

    assert await stored(ports, job) == ends


async def test_a_job_past_its_deadline_is_canceled(services: Services, ports: FakePorts) -> None:
    """A deadline ends a job that is still unfinished, and says so."""
    job = await accepted(services, target={"mode": "Hardware"}, deadline="PT60S")
    ports.provider.polls = 10_000
    await services.dispatch(job.message())
    [(message, delay)] = ports.queue.sent
    assert delay <= 60

    ports.clock.advance(61)
    await services.track(message)

    ended = await stored(ports, job)
    assert ended.status is Status.CANCELED
    assert ended.error is not None
    assert ended.error.code == "deadline-exceeded"


async def test_a_job_canceled_while_its_circuits_are_built_leaves_nothing_running(
    services: Services, ports: FakePorts
) -> None:
    """Circuits that are placed after the job was canceled are withdrawn again."""
    ports.provider.polls = 1000
    job = await accepted(services)
    start = ports.algorithms.start

    async def canceled_meanwhile(algorithm: str, inputs: Inputs) -> Plan | Finish:
        canceling = await services.cancel("owner", job.id)
        await services.track(canceling.message())
        return await start(algorithm, inputs)

    ports.algorithms.start = canceled_meanwhile  # type: ignore[method-assign]

    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.CANCELED
    assert set(ports.provider.canceled) == set(ports.provider.submitted)
    assert ports.queue.sent == []
