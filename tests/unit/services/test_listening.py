"""Listeners that have run out are forgotten, and nobody is missed by that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qjobs.domain.errors import StorageUnavailableError
from qjobs.services.listening import Listening
from tests.fakes import FakeAnnouncements, FakeClock, FakeListeners

HOUR = timedelta(hours=1)
CHANNEL = FakeAnnouncements("channel", lasts=HOUR)
WEBHOOKS = FakeAnnouncements("webhooks")


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
def listeners(clock: FakeClock) -> FakeListeners:
    """Return listeners of which there are none."""
    return FakeListeners(clock)


@pytest.fixture
def listening(listeners: FakeListeners, clock: FakeClock) -> Listening:
    """Return a process that has a channel and webhooks."""
    return Listening(listeners, [CHANNEL, WEBHOOKS], clock)


async def noted(listeners: FakeListeners) -> set[tuple[str, str]]:
    """Return every listener that storage has."""
    return {(one.owner, one.way) for one in await listeners.all()}


async def test_a_channel_that_is_not_opened_again_is_forgotten(
    listening: Listening, listeners: FakeListeners, clock: FakeClock
) -> None:
    """Of callers who never come back nothing stays; those of this hour, and webhooks, do."""
    await listeners.note("gone", "channel")
    await listeners.note("gone", "webhooks")
    clock.advance(2 * HOUR.total_seconds() + 1)
    await listeners.note("here", "channel")

    await listening.of("anybody")

    assert await noted(listeners) == {("gone", "webhooks"), ("here", "channel")}
    assert await listening.of("gone") == [WEBHOOKS]
    assert await listening.of("here") == [CHANNEL]


async def test_very_many_are_forgotten_a_few_at_a_time(
    listening: Listening, listeners: FakeListeners, clock: FakeClock
) -> None:
    """No job waits for the removal of thousands, and after some listings none is left."""
    for number in range(50):
        await listeners.note(f"{number}", "channel")
    clock.advance(3 * HOUR.total_seconds())
    left = []
    for _ in range(3):
        await listening.of("anybody")
        left.append(len(await noted(listeners)))
        clock.advance(10)

    assert left == [30, 10, 0]


async def test_who_listens_is_known_though_nothing_can_be_forgotten(
    listening: Listening,
    listeners: FakeListeners,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A removal that fails is left to the next listing."""
    await listeners.note("gone", "channel")
    clock.advance(3 * HOUR.total_seconds())
    await listeners.note("here", "channel")

    async def refuse(_: object) -> None:
        raise StorageUnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(listeners, "forget", refuse)
        assert await listening.of("here") == [CHANNEL]
    assert len(await noted(listeners)) == 2
    clock.advance(10)
    await listening.of("here")
    assert await noted(listeners) == {("here", "channel")}
