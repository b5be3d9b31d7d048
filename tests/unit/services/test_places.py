"""Places, and the lines of those who wait for one."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from emulator_support.patience import PATIENCE
from qjobs.services.places import Places, Turn, current_owner, working_for
from qjobs.services.start import LINE_OF_OWNER, LINES, PLACES, PLACES_OF_OWNER


def of_start() -> Places:
    """Return places as those of accepted jobs."""
    return Places(PLACES, PLACES_OF_OWNER, LINE_OF_OWNER, LINES)


def turns(places: Places, owner: str, number: int) -> list[Turn]:
    """Return the turns of so many jobs of one owner, all of which find a line."""
    lined_up = [places.line_up(owner) for _ in range(number)]
    return [turn for turn in lined_up if turn is not None]


def come(lined_up: list[Turn]) -> int:
    """Return how many of some turns have come."""
    return sum(turn.done() for turn in lined_up)


async def test_one_caller_leaves_places_for_others() -> None:
    """Of his jobs a few have a place, whatever he submits; two callers take all."""
    places = of_start()
    owners = ("busy", "other", "third")
    lined_up = {owner: turns(places, owner, PLACES_OF_OWNER + 1) for owner in owners}

    assert [come(lined_up[owner]) for owner in owners] == [PLACES_OF_OWNER, PLACES_OF_OWNER, 0]
    assert PLACES == 2 * PLACES_OF_OWNER


async def test_callers_are_served_in_turn() -> None:
    """The few jobs of one caller are not behind the many of another."""
    places = of_start()
    busy = turns(places, "busy", LINE_OF_OWNER)
    few = turns(places, "few", PLACES_OF_OWNER + 3)
    third = turns(places, "third", 2)
    async with AsyncExitStack() as held:
        for owner, turn in [
            *(("busy", one) for one in busy[:4]),
            *(("few", one) for one in few[:4]),
        ]:
            await held.enter_async_context(places.hold(owner, turn, PATIENCE))

        await held.aclose()

    # Eight places got free one after the other: each caller has got what it may, or wanted.
    assert [come(busy), come(few), come(third)] == [4 + 3, 4 + 3, 2]


async def test_a_line_has_an_end() -> None:
    """So much of one caller, and of all, is kept in memory, and no more."""
    places = of_start()
    assert len(turns(places, "busy", 3 * LINE_OF_OWNER)) == PLACES_OF_OWNER + LINE_OF_OWNER

    for number in range(2 * LINES):
        places.line_up(f"caller {number}")
    assert places.line_up("one more") is None


async def test_a_turn_that_does_not_come_leaves_the_line() -> None:
    """The next place goes to one that still waits."""
    places = of_start()
    first = turns(places, "owner", PLACES_OF_OWNER)
    late, next_one = turns(places, "owner", 2)
    async with places.hold("owner", first[0], PATIENCE):
        with pytest.raises(TimeoutError):
            async with places.hold("owner", late, 0.0):
                raise AssertionError

    assert (late.done(), next_one.done()) == (False, True)


async def test_a_place_is_given_back_whatever_happens() -> None:
    """An error inside, a cancellation in the line: afterwards nothing is kept of a caller."""
    places = of_start()
    for _ in range(2 * PLACES):
        [turn] = turns(places, "owner", 1)
        with pytest.raises(ZeroDivisionError):
            async with places.hold("owner", turn, PATIENCE):
                raise ZeroDivisionError

    async def wait(turn: Turn) -> None:
        async with places.hold("owner", turn, PATIENCE):
            pass

    held = turns(places, "owner", PLACES_OF_OWNER)
    [turn] = turns(places, "owner", 1)
    waiting = asyncio.create_task(wait(turn))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    for one in held:
        await wait(one)

    assert places == of_start()


async def test_work_is_done_for_an_owner_and_so_is_what_it_starts() -> None:
    """Tasks inside stand in the same line; afterwards, and beside it, there is no owner."""

    async def owner() -> str:
        await asyncio.sleep(0)
        return current_owner()

    with working_for("alice"):
        inside = asyncio.create_task(owner())
        with working_for("bob"):
            inner = asyncio.create_task(owner())
        assert current_owner() == "alice"

    assert [await inside, await inner, await owner()] == ["alice", "bob", ""]


async def test_lines_without_an_end() -> None:
    """Where nothing is said of lines, any number waits."""
    places = Places(1, of_owner=1)

    assert len(turns(places, "owner", 1000)) == 1000
