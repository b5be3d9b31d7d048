"""A clock that a test can advance."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from azure_quantum_emulator.fault_injection.clock import LATEST, SECOND, Clock

DAY = 86_400 * SECOND


class RealTime:
    """A stand-in for real time that goes on only when told."""

    def __init__(self) -> None:
        self.value = 1_000 * DAY

    def __call__(self) -> int:
        """Return the time."""
        return self.value


async def settle() -> None:
    """Let every task that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_it_shows_real_time() -> None:
    """Nobody has advanced it."""
    before = time.time_ns()
    assert before <= Clock().now() <= time.time_ns()


def test_it_is_ahead_by_what_it_was_advanced() -> None:
    """Steps add up, to the nanosecond."""
    real = RealTime()
    clock = Clock(real)
    clock.advance(86_400)
    clock.advance(1.5)
    assert clock.now() == real.value + DAY + 3 * SECOND // 2
    assert clock.advanced_by == 86_401.5


def test_it_never_goes_back() -> None:
    """Not even when the machine's clock is set back."""
    real = RealTime()
    clock = Clock(real)
    before = clock.now()
    real.value -= DAY
    assert clock.now() == before
    real.value += 2 * DAY
    assert clock.now() == before + DAY


@pytest.mark.parametrize("seconds", [-1, -1e-6, float("nan"), float("inf"), 1e11])
def test_times_it_does_not_go_to(seconds: float) -> None:
    """The past, and years that nothing else can hold."""
    clock = Clock()
    with pytest.raises(ValueError, match="forwards only"):
        clock.advance(seconds)
    assert clock.advanced_by == 0


def test_its_end_can_be_reached() -> None:
    """The last moment is allowed."""
    real = RealTime()
    clock = Clock(real)
    clock.advance((LATEST - real.value) / SECOND)
    assert clock.now() == LATEST


async def test_a_moment_that_is_over_is_not_waited_for() -> None:
    """Now is over."""
    clock = Clock(RealTime())
    await clock.sleep_until(clock.now())
    await clock.sleep_until(0)


async def test_real_time_wakes_sleepers() -> None:
    """Nobody needs to advance the clock."""
    clock = Clock()
    moment = clock.now() + SECOND // 50
    await clock.sleep_until(moment)
    assert clock.now() >= moment


async def test_days_take_no_time_when_the_clock_is_advanced() -> None:
    """Thousands sleep; those whose moment has come wake, in the order of their moments."""
    clock = Clock()
    start = clock.now()
    woken: list[int] = []

    async def sleeper(day: int) -> None:
        await clock.sleep_until(start + day * DAY)
        woken.append(day)

    days = [(index * 7919) % 5000 + 1 for index in range(5000)]  # each day once, in disorder
    tasks = [asyncio.create_task(sleeper(day)) for day in days]
    await settle()
    clock.advance(2000 * 86_400)
    await settle()
    assert woken == list(range(1, 2001))
    clock.advance(3000 * 86_400)
    await asyncio.gather(*tasks)
    assert woken == list(range(1, 5001))


async def test_a_cancelled_sleeper_leaves_nothing_behind() -> None:
    """Its timer would keep it alive for days."""
    clock = Clock()
    tasks = [asyncio.create_task(clock.sleep_until(clock.now() + DAY)) for _ in range(3)]
    await settle()
    tasks[1].cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await tasks[1]
    assert len(clock._sleepers) == 2  # noqa: SLF001 - it shows nowhere else
    clock.advance(86_400)
    await asyncio.gather(tasks[0], tasks[2])
    assert not clock._sleepers  # noqa: SLF001 - there is no public way


async def test_a_sleeper_may_be_cancelled_as_it_wakes() -> None:
    """Cancellation wins, and others wake all the same."""
    clock = Clock()
    first, second = (asyncio.create_task(clock.sleep_until(clock.now() + DAY)) for _ in range(2))
    await settle()
    clock.advance(86_400)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second


async def test_real_time_that_leaps_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that slept did not move its timers; they look again after at most a nap."""
    monkeypatch.setattr("azure_quantum_emulator.fault_injection.clock.LONGEST_NAP", 0.001)
    real = RealTime()
    clock = Clock(real)
    task = asyncio.create_task(clock.sleep_until(real.value + DAY))
    await settle()
    real.value += DAY
    await task


async def test_a_reset_returns_to_real_time_and_wakes_everybody() -> None:
    """What they wait for might be years away again."""
    real = RealTime()
    clock = Clock(real)
    clock.advance(86_400)
    task = asyncio.create_task(clock.sleep_until(real.value + 1000 * DAY))
    await settle()
    clock.reset()
    await task
    assert clock.now() == real.value
    assert clock.advanced_by == 0
