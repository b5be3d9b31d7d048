from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from qjobs.ports import Heartbeats

_TICK = 1.1
"""Seconds after which the time of storage, in whole seconds, is another."""


async def noted(heartbeats: Heartbeats) -> dict[tuple[str, str], datetime]:
    """Return when each function last ran, by region and name."""
    return {(beat.region, beat.function): beat.at for beat in await heartbeats.last()}


async def test_nothing_is_noted_at_first(heartbeats: Heartbeats) -> None:
    """A new deployment has no beats."""
    assert await heartbeats.last() == []


async def test_a_beat_is_of_now(heartbeats: Heartbeats) -> None:
    """Its time is in UTC, and that of the note."""
    before = datetime.now(UTC)

    await heartbeats.note("westeurope", "dispatch")

    ((key, at),) = (await noted(heartbeats)).items()
    assert key == ("westeurope", "dispatch")
    assert before - timedelta(seconds=1) <= at <= datetime.now(UTC)


async def test_a_later_beat_replaces_the_earlier(heartbeats: Heartbeats) -> None:
    """There is one for each function, the last."""
    await heartbeats.note("westeurope", "dispatch")
    first = await noted(heartbeats)
    await asyncio.sleep(_TICK)

    await heartbeats.note("westeurope", "dispatch")

    second = await noted(heartbeats)
    assert second.keys() == first.keys()
    assert second["westeurope", "dispatch"] > first["westeurope", "dispatch"]


async def test_regions_and_functions_have_beats_of_their_own(heartbeats: Heartbeats) -> None:
    """A beat says nothing of another function, nor of another region."""
    for region in ("westeurope", "eastus2", "eastus"):
        for function in ("dispatch", "track"):
            await heartbeats.note(region, function)

    assert set(await noted(heartbeats)) == {
        (region, function)
        for region in ("westeurope", "eastus2", "eastus")
        for function in ("dispatch", "track")
    }


async def test_a_function_is_expected_from_the_first_time_on(heartbeats: Heartbeats) -> None:
    """To expect it again changes nothing, whether it has run or not."""
    await heartbeats.expect("westeurope", "track")
    await heartbeats.note("westeurope", "dispatch")
    first = await noted(heartbeats)
    await asyncio.sleep(_TICK)

    await heartbeats.expect("westeurope", "track")
    await heartbeats.expect("westeurope", "dispatch")

    assert await noted(heartbeats) == first
    assert set(first) == {("westeurope", "track"), ("westeurope", "dispatch")}


@pytest.mark.parametrize("times", [2, 5])
async def test_first_beats_at_the_same_time_do_not_disturb_each_other(
    heartbeats: Heartbeats, times: int
) -> None:
    """Each finds, or makes, where beats are kept."""
    await asyncio.gather(*(heartbeats.note(f"region-{one}", "track") for one in range(times)))

    assert len(await noted(heartbeats)) == times
