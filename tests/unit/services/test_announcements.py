"""Whoever listens is told of each change; who listens to nothing pays nothing for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.event import EventType
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Phase, ProviderStatus
from tests.fakes import FakeAnnouncements, FakePorts
from tests.unit.services.jobs import accepted, stored
from tests.unit.services.test_steps import decide, loop

STALLED = 120.0


@pytest.fixture
def told(ports: FakePorts) -> FakeAnnouncements:
    """Return a way of telling that the deployment has."""
    ports.announcements.append(FakeAnnouncements())
    return ports.announcements[0]


async def listened(services: Services, **members: object) -> Job:
    """Return an accepted job whose owner listens."""
    job = await accepted(services, **members)  # type: ignore[arg-type]
    await services.listening.note(job.owner, "fake")
    return job


async def reconciled(services: Services, ports: FakePorts) -> None:
    """Find overdue jobs, and process what is queued for them."""
    await services.reconcile()
    while ports.queue.sent:
        message, delay = ports.queue.sent.pop(0)
        ports.clock.advance(delay)
        await services.track(message)


async def test_the_end_of_a_job_is_told_once(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """The event has ids and the status, and the record says that nobody is left to be told."""
    job = await listened(services, algorithm="once")

    await services.dispatch(job.message())

    [event] = [one for one in told.told if one.type is EventType.SUCCEEDED]
    assert (event.job_id, event.owner) == (job.id, job.owner)
    ended = await stored(ports, job)
    assert not ended.untold
    assert ended.due is None


async def test_steps_are_told_as_progress(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """Of a loop whose record is written at each step, each event is another one."""
    decide(ports, loop(4))
    job = await listened(services)
    await services.dispatch(job.message())

    ids = [one.id for one in told.told]
    assert len(set(ids)) == len(ids)
    assert told.told[-1].type is EventType.SUCCEEDED


async def test_who_does_not_listen_is_not_told(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """An owner hears of his own jobs alone, and those of others are written once less."""
    await services.listening.note("somebody else", "fake")
    job = await accepted(services, algorithm="once")

    await services.dispatch(job.message())

    assert told.told == []
    ended = await stored(ports, job)
    assert (ended.status, ended.untold, ended.due) == (Status.SUCCEEDED, False, None)


async def test_listeners_are_listed_once_for_many_jobs(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """Jobs of callers who listen to nothing cost no look at storage of their own."""
    for _ in range(20):
        job = await accepted(services, algorithm="once")
        await services.dispatch(job.message())

    assert told.told == []
    assert ports.listeners.looks <= 1


async def test_an_end_that_could_not_be_told_is_told_later(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """The job ends all the same; it stays due, and reconciliation has it told."""
    told.error = StorageUnavailableError("away")
    job = await listened(services, algorithm="once")
    await services.dispatch(job.message())
    assert (await stored(ports, job)).status is Status.SUCCEEDED
    told.error = None
    ports.queue.sent.clear()

    ports.clock.advance(STALLED + 1)
    await reconciled(services, ports)

    assert EventType.SUCCEEDED in [one.type for one in told.told]
    ended = await stored(ports, job)
    assert (ended.untold, ended.due) == (False, None)


async def test_a_kill_after_the_record_is_made_up_for(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """Of a process that dies while it tells, the record has the end, and another process tells."""
    job = await listened(services, algorithm="once")
    told.error = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await services.dispatch(job.message())
    assert (await stored(ports, job)).status is Status.SUCCEEDED
    told.error = None
    ports.queue.sent.clear()

    ports.clock.advance(STALLED + 1)
    await reconciled(Services(ports, services.settings), ports)

    assert [one.type for one in told.told] == [EventType.SUCCEEDED]
    assert not (await stored(ports, job)).untold


@pytest.mark.parametrize("ending", [Phase.FAILED, Phase.CANCELED])
async def test_every_ending_is_told(
    services: Services, ports: FakePorts, told: FakeAnnouncements, ending: Phase
) -> None:
    """Failures are told as successes are."""
    ports.provider.ending = ProviderStatus(ending)
    job = await listened(services, algorithm="once")

    await services.dispatch(job.message())

    assert told.told[-1].type is EventType.FAILED


async def test_a_way_that_has_run_out_is_not_used(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """Who opened a channel an hour ago and never again is not told."""
    told.lasts = timedelta(hours=1)
    job = await listened(services, algorithm="once")
    ports.clock.advance(3601)

    await services.dispatch(job.message())

    assert told.told == []


async def test_jobs_that_end_while_listeners_are_listed_are_told(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """The first look of a process takes a moment, in which others must not find it empty."""
    job = await listened(services, algorithm="once")
    new = Services(ports, services.settings)

    found = await asyncio.gather(*(new.listening.of(job.owner) for _ in range(3)))

    assert [len(ways) for ways in found] == [1, 1, 1]
    assert ports.listeners.looks == 1


async def test_an_end_is_told_later_if_it_is_not_known_who_listens(
    services: Services, ports: FakePorts, told: FakeAnnouncements
) -> None:
    """A look that fails is none: the record stays due until there is one."""
    job = await listened(services, algorithm="once")
    new = Services(ports, services.settings)
    ports.listeners.error = StorageUnavailableError("away")
    await new.dispatch(job.message())
    ended = await stored(ports, job)
    assert (ended.status, ended.untold) == (Status.SUCCEEDED, True)
    assert told.told == []
    ports.listeners.error = None

    ports.clock.advance(STALLED + 1)
    await reconciled(new, ports)

    assert EventType.SUCCEEDED in [one.type for one in told.told]
    assert not (await stored(ports, job)).untold
