from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Iterator

import pytest

from emulator_support.patience import PATIENCE, async_tries
from qjobs.adapters.bulkhead import Bulkhead, _Lane
from qjobs.domain.errors import ProviderRejectedError, ProviderUnavailableError
from qjobs.services.places import working_for

BRIEFLY = 0.01
"""Seconds that a call waits in vain: how many they are makes no difference."""
_TRACE = contextvars.ContextVar("_TRACE", default="none")


class SlowTarget:
    """A target whose calls last until a test lets them end."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.calls = 0
        self.most = 0
        self._lock = threading.Lock()
        self._now = 0

    def call(self) -> str:
        """Wait for the test."""
        with self._lock:
            self.calls += 1
            self._now += 1
            self.most = max(self.most, self._now)
        self.over.wait(PATIENCE)
        with self._lock:
            self._now -= 1
        return "late"


@pytest.fixture
def slow() -> Iterator[SlowTarget]:
    """Return a slow target, which ends with the test."""
    target = SlowTarget()
    yield target
    target.over.set()


async def under_way(target: SlowTarget, calls: int) -> None:
    """Wait until some calls are in their threads."""
    async for _ in async_tries(0.005):
        if target.calls == calls:
            return


async def test_a_call_has_its_result_and_its_context() -> None:
    """Its result, its error and the trace that it belongs to are those of a direct call."""
    bulkhead = Bulkhead()
    _TRACE.set("abc")

    assert await bulkhead.run("a", lambda: (7, _TRACE.get())) == (7, "abc")
    with pytest.raises(ZeroDivisionError):
        await bulkhead.run("a", lambda: 1 // 0)


async def test_a_target_that_does_not_respond_keeps_no_other_waiting(slow: SlowTarget) -> None:
    """Calls at another target end while many at a slow one are pending."""
    bulkhead = Bulkhead(places=2, patience=PATIENCE)
    pending = [asyncio.create_task(bulkhead.run("slow", slow.call)) for _ in range(50)]
    await under_way(slow, 2)

    results = [await bulkhead.run("quick", lambda: "done") for _ in range(50)]

    assert results == ["done"] * 50
    assert not any(task.done() for task in pending)
    slow.over.set()
    assert await asyncio.gather(*pending) == ["late"] * 50
    assert slow.most == 2


async def test_who_waits_in_vain_for_a_place_is_refused(slow: SlowTarget) -> None:
    """And whoever comes after that at once, until a call ends."""
    bulkhead = Bulkhead(places=1, patience=BRIEFLY)
    holding = asyncio.create_task(bulkhead.run("slow", slow.call))
    await under_way(slow, 1)

    with pytest.raises(ProviderUnavailableError) as waited:
        await bulkhead.run("slow", slow.call)
    assert waited.value.retry_after == 2
    bulkhead.patience = PATIENCE
    with pytest.raises(ProviderUnavailableError):
        await bulkhead.run("slow", slow.call)

    slow.over.set()
    assert await holding == "late"
    assert await bulkhead.run("slow", lambda: "there again") == "there again"


class MovingLane(_Lane):
    """A lane in which, whenever it is looked at, another call has ended."""

    looks = 0

    @property
    def ended(self) -> int:
        """Return the number of calls that ended."""
        self.looks += 1
        return self.looks

    @ended.setter
    def ended(self, calls: int) -> None:
        """Do nothing."""


async def test_a_line_that_moves_is_waited_in(slow: SlowTarget) -> None:
    """Patience is for a target that stands still; a step of many circuits waits for itself."""
    bulkhead = Bulkhead(patience=BRIEFLY)
    lane = bulkhead._lanes["busy"] = MovingLane("busy", 1, lambda: 0.0)  # noqa: SLF001 - no other way
    holding = asyncio.create_task(bulkhead.run("busy", slow.call))
    await under_way(slow, 1)
    waiting = asyncio.create_task(bulkhead.run("busy", slow.call))
    async for _ in async_tries(0.005):
        if lane.looks > 20:
            break

    assert not waiting.done()
    slow.over.set()
    assert {await holding, await waiting} == {"late"}


async def test_a_call_that_lasts_too_long_is_given_up(slow: SlowTarget) -> None:
    """Its caller goes on; its place stays taken until its thread has ended."""
    bulkhead = Bulkhead(places=1, longest=BRIEFLY, patience=BRIEFLY)

    with pytest.raises(ProviderUnavailableError):
        await bulkhead.run("slow", slow.call)
    with pytest.raises(ProviderUnavailableError):
        await bulkhead.run("slow", lambda: pytest.fail("it had a place"))
    slow.over.set()

    bulkhead.longest = bulkhead.patience = PATIENCE
    async for _ in async_tries(0.005):
        try:
            assert await bulkhead.run("slow", lambda: "there again") == "there again"
        except ProviderUnavailableError:
            continue
        break


async def test_a_call_that_is_cancelled_frees_its_place(slow: SlowTarget) -> None:
    """As soon as its thread has ended; one that had none yet has taken none."""
    bulkhead = Bulkhead(places=1, patience=PATIENCE)
    tasks = [asyncio.create_task(bulkhead.run("slow", slow.call)) for _ in range(2)]
    await under_way(slow, 1)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    slow.over.set()

    assert await bulkhead.run("slow", lambda: "there again") == "there again"
    assert slow.calls == 1


async def test_a_target_in_trouble_is_not_called_any_more() -> None:
    """After some failures in a row its calls are refused at once, those of others are not."""
    bulkhead, calls = Bulkhead(now=lambda: 0.0), []

    def unavailable() -> None:
        calls.append(1)
        raise ProviderUnavailableError("down")

    for _ in range(20):
        with pytest.raises(ProviderUnavailableError):
            await bulkhead.run("down", unavailable)

    assert len(calls) == 5
    assert await bulkhead.run("up", lambda: "done") == "done"


async def test_a_target_in_trouble_is_not_waited_for(slow: SlowTarget) -> None:
    """Who would have to wait for a place at it is refused at once as well."""
    bulkhead = Bulkhead(places=2, patience=PATIENCE, now=lambda: 0.0)
    tasks = [asyncio.create_task(bulkhead.run("busy", slow.call))]
    await under_way(slow, 1)

    def throttled() -> None:
        raise ProviderUnavailableError(retry_after=60)

    with pytest.raises(ProviderUnavailableError):
        await bulkhead.run("busy", throttled)
    bulkhead._lanes["busy"].places.line_up("another owner")  # noqa: SLF001 - the other place is taken
    with pytest.raises(ProviderUnavailableError) as refused:
        await bulkhead.run("busy", slow.call)

    assert refused.value.retry_after == 60
    slow.over.set()
    assert await asyncio.gather(*tasks) == ["late"]


async def test_a_call_for_one_job_is_not_behind_those_of_a_burst() -> None:
    """Whoever has few calls is served after the next that ends, not after all of another's."""
    bulkhead, ended = Bulkhead(places=1, patience=PATIENCE), list[str]()

    async def call(owner: str) -> None:
        with working_for(owner):
            await bulkhead.run("busy", lambda: ended.append(owner))

    tasks = [
        asyncio.create_task(call(owner)) for owner in ["burst"] * 20 + ["one"] + ["burst"] * 20
    ]
    await asyncio.gather(*tasks)

    assert len(ended) == 41
    assert ended.index("one") <= 2


async def test_a_line_is_refused_when_its_target_fails() -> None:
    """Of many calls that wait, no more reach the target once its breaker is open."""
    bulkhead, calls = Bulkhead(places=1, patience=PATIENCE, now=lambda: 0.0), []

    def throttled() -> None:
        calls.append(1)
        raise ProviderUnavailableError(retry_after=86_400)

    errors = await asyncio.gather(
        *(bulkhead.run("busy", throttled) for _ in range(20)), return_exceptions=True
    )

    assert len(calls) == 1
    assert {
        error.retry_after for error in errors if isinstance(error, ProviderUnavailableError)
    } == {
        300,
        86_400,
    }
    assert len(errors) == 20


async def test_a_refusal_is_no_trouble() -> None:
    """Programs that a target rejects do not keep it from others."""
    bulkhead = Bulkhead(now=lambda: 0.0)

    def refuse() -> None:
        raise ProviderRejectedError

    for _ in range(20):
        with pytest.raises(ProviderRejectedError):
            await bulkhead.run("strict", refuse)
