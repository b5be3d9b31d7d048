from __future__ import annotations

import asyncio
import itertools
import time

from emulator_support.patience import PATIENCE
from functions.rendering import retry_after
from qjobs.adapters.system_clock import SystemClock
from qjobs.bootstrap import Services
from qjobs.domain.job import Status
from qjobs.ports import Stored
from qjobs.services.outcome import Outcome
from qjobs.services.signals import Signals
from qjobs.telemetry import NoTelemetry
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted


async def test_a_waiter_is_told_when_the_job_ends_here(services: Services) -> None:
    """Who waits for an hour is woken at once, and nobody else is."""
    signals = Signals(SystemClock(), NoTelemetry())
    job = await accepted(services)
    waiting = [asyncio.create_task(signals.wait(job.id, 3600)) for _ in range(3)]
    other = asyncio.create_task(signals.wait("other", 3600))
    await asyncio.sleep(0)

    signals.ended(Outcome(job, {"result": 1}))
    ended = await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)

    assert ended == [Outcome(job, {"result": 1})] * 3

    assert not other.done()
    other.cancel()


async def test_waiting_ends_by_itself() -> None:
    """Without news a wait lasts as long as it was meant to."""
    started = time.monotonic()

    await Signals(SystemClock(), NoTelemetry()).wait("job", 0.05)

    assert time.monotonic() - started >= 0.05


async def test_waiting_leaves_nothing_behind() -> None:
    """Once nobody waits for a job, nothing is kept about it."""
    signals = Signals(SystemClock(), NoTelemetry())

    await signals.wait("job", 0.001)
    waiting = asyncio.create_task(signals.wait("job", 3600))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert signals == Signals(signals.clock, signals.telemetry)


async def test_a_caller_waits_no_longer_than_it_asked(services: Services, ports: FakePorts) -> None:
    """A job that does not end is answered as it is when the time is over."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    started = ports.clock.now()

    found = await services.find_job("owner", job.id, 30.0)

    assert found.status is Status.QUEUED
    assert (ports.clock.now() - started).total_seconds() <= 30.001


async def test_the_time_of_the_looks_counts_too(services: Services, ports: FakePorts) -> None:
    """With a store that takes a second for each look, five seconds are five, and one look more."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    look, started = ports.jobs.get, ports.clock.now()

    async def slow(owner: str, job_id: str) -> Stored:
        ports.clock.advance(1)
        return await look(owner, job_id)

    ports.jobs.get = slow  # type: ignore[method-assign]
    await services.find_job("owner", job.id, 5.0)

    assert 5 <= (ports.clock.now() - started).total_seconds() <= 6.001


async def test_a_look_that_never_ends_does_not_hold_the_answer(
    services: Services, ports: FakePorts
) -> None:
    """A caller gets what was known of its job when storage stops answering in between."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    look, looks = ports.jobs.get, itertools.count()

    async def stuck(owner: str, job_id: str) -> Stored:
        if next(looks) > 0:
            ports.clock.advance(30)
            await asyncio.Event().wait()
        return await look(owner, job_id)

    ports.jobs.get = stuck  # type: ignore[method-assign]
    found = await asyncio.wait_for(services.find_job("owner", job.id, 0.5), 60)

    assert found.status is Status.QUEUED


async def test_the_outcome_has_the_result_once_there_is_one(
    services: Services, ports: FakePorts
) -> None:
    """Before the end there is the job alone, afterwards result, counts and provenance too."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    before = await services.read_outcome("owner", job.id)

    await services.dispatch(job.message())
    after = await services.read_outcome("owner", job.id, 5.0)

    assert (before.job.status, before.result) == (Status.QUEUED, None)
    assert after.job.status is Status.SUCCEEDED
    assert after.result is not None
    assert after.result.keys() == {"result", "counts", "provenance"}


async def test_a_cancel_is_looked_at_again_at_once(services: Services, ports: FakePorts) -> None:
    """What was expected of the device's queue says nothing of when a canceled job is over."""
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.polls = 10_000
    await services.dispatch(job.message())
    waiting = await services.find_job("owner", job.id)

    canceling = await services.cancel("owner", job.id)

    ports.clock.advance(3600)
    assert retry_after(waiting, ports.clock.now()) == 300
    assert retry_after(canceling, ports.clock.now()) == 1
