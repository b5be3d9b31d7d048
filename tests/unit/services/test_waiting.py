from __future__ import annotations

import asyncio
import time

from emulator_support.patience import PATIENCE
from qjobs.adapters.system_clock import SystemClock
from qjobs.bootstrap import Services
from qjobs.domain.job import Status
from qjobs.services.signals import Signals
from tests.fakes import FakePorts


async def test_a_waiter_is_told_when_the_job_ends_here() -> None:
    """Who waits for an hour is woken at once, and nobody else is."""
    signals = Signals(SystemClock())
    waiting = [asyncio.create_task(signals.wait("job", 3600)) for _ in range(3)]
    other = asyncio.create_task(signals.wait("other", 3600))
    await asyncio.sleep(0)

    signals.ended("job")
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)

    assert not other.done()
    other.cancel()


async def test_waiting_ends_by_itself() -> None:
    """Without news a wait lasts as long as it was meant to."""
    started = time.monotonic()

    await Signals(SystemClock()).wait("job", 0.05)

    assert time.monotonic() - started >= 0.05


async def test_waiting_leaves_nothing_behind() -> None:
    """Once nobody waits for a job, nothing is kept about it."""
    signals = Signals(SystemClock())

    await signals.wait("job", 0.001)
    waiting = asyncio.create_task(signals.wait("job", 3600))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert signals == Signals(signals.clock)


async def test_a_caller_waits_no_longer_than_it_asked(services: Services, ports: FakePorts) -> None:
    """A job that does not end is answered as it is when the time is over."""
    job = (await services.submit("owner", "bell", {"input": {}}, None)).job
    started = ports.clock.now()

    found = await services.find_job("owner", job.id, 30.0)

    assert found.status is Status.QUEUED
    assert (ports.clock.now() - started).total_seconds() <= 30.001
