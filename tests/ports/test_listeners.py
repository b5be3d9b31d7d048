"""Contract of `Listeners`: fake and Blob Storage keep the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qjobs.domain.errors import ConcurrentUpdateError
from qjobs.ports import Listeners


async def ways(listeners: Listeners) -> set[tuple[str, str]]:
    """Return every way of every caller."""
    return {(one.owner, one.way) for one in await listeners.all()}


async def test_nobody_listens_at_first(listeners: Listeners) -> None:
    """A new deployment has no listeners, and to remove one is no error."""
    await listeners.remove("a", "channel")

    assert await ways(listeners) == set()


async def test_ways_are_noted_and_removed_by_caller(listeners: Listeners) -> None:
    """Each way of each caller is one, noted now, until it is removed."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    await listeners.note("a", "channel")
    await listeners.note("a", "webhooks")
    await listeners.note("b", "channel")
    await listeners.note("a", "channel")
    assert await ways(listeners) == {("a", "channel"), ("a", "webhooks"), ("b", "channel")}

    await listeners.remove("a", "channel")

    assert await ways(listeners) == {("a", "webhooks"), ("b", "channel")}
    assert all(one.noted >= before for one in await listeners.all())


async def test_a_listener_is_forgotten_unless_it_was_noted_again(listeners: Listeners) -> None:
    """What was listed may be forgotten, even twice; a note that came in between stays."""
    await listeners.note("a", "channel")
    await listeners.note("b", "channel")
    first, second = sorted(await listeners.all(), key=lambda one: one.owner)
    await listeners.note("b", "channel")

    await listeners.forget(first)
    await listeners.forget(first)
    with pytest.raises(ConcurrentUpdateError):
        await listeners.forget(second)

    assert await ways(listeners) == {("b", "channel")}
