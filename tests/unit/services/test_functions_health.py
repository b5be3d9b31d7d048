"""Whether the functions run, as seen by whoever asks: with a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import FunctionsNotRunningError, StorageUnavailableError
from qjobs.domain.heartbeat import FUNCTIONS, LastBeat
from tests.fakes import FakePorts

HERE, THERE = "local", "westeurope"
MINUTE = 60.0


async def pass_time(
    ports: FakePorts, minutes: int, *regions: Services, silent: frozenset[str] = frozenset()
) -> None:
    """Run the timer each minute in some regions, and the functions that are not *silent*."""
    for _ in range(minutes):
        ports.clock.advance(MINUTE)
        for region in regions:
            if "reconcile" not in silent:
                await region.send_heartbeats()
            for heartbeat, _ in ports.queue.heartbeats:
                if heartbeat.queue.removeprefix("qjobs-") not in silent:
                    await region.receive_heartbeat(heartbeat)
            ports.queue.heartbeats.clear()


def names(beats: Sequence[LastBeat]) -> set[tuple[str, str]]:
    """Return region and name of functions."""
    return {(beat.region, beat.function) for beat in beats}


async def test_functions_that_run_are_healthy(services: Services, ports: FakePorts) -> None:
    """With or without jobs, at any time of the interval."""
    for _ in range(30):
        await pass_time(ports, 3, services)

        beats = await services.functions_health()

        assert names(beats) == {(HERE, function) for function in FUNCTIONS}


async def test_a_new_deployment_is_healthy(services: Services) -> None:
    """In its first minutes nothing can have run."""
    assert await services.functions_health() == []


async def test_a_timer_that_never_runs_is_missed(services: Services, ports: FakePorts) -> None:
    """Nothing was ever noted; who asks has it expected, in whichever process comes later."""
    await services.functions_health()
    ports.clock.advance(29 * MINUTE)
    later = Services(ports, services.settings)
    assert names(await later.functions_health()) == {(HERE, function) for function in FUNCTIONS}
    ports.clock.advance(2 * MINUTE)

    for asked in (services, later, Services(ports, services.settings)):
        with pytest.raises(FunctionsNotRunningError) as error:
            await asked.functions_health()
        assert "reconcile in local has not run for 31 minutes." in error.value.detail


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_a_function_that_stops_is_named(
    services: Services, ports: FakePorts, function: str
) -> None:
    """With its region, and since when; the others go on. A timer that stops silences all."""
    await pass_time(ports, 60, services)
    await pass_time(ports, 45, services, silent=frozenset({function}))

    with pytest.raises(FunctionsNotRunningError) as error:
        await services.functions_health()

    silenced = FUNCTIONS if function == "reconcile" else (function,)
    for one in FUNCTIONS:
        assert (f"{one} in local has not run for " in error.value.detail) == (one in silenced)
    assert " minutes." in error.value.detail


@pytest.mark.parametrize("function", ["dispatch", "track", "deliver", "outputs"])
async def test_a_function_that_never_ran_is_named(
    services: Services, ports: FakePorts, function: str
) -> None:
    """One that is disabled from the start on: the first heartbeat of the timer expects it."""
    await pass_time(ports, 32, services, silent=frozenset({function}))

    with pytest.raises(FunctionsNotRunningError, match=f"^{function} in local has not run for 31"):
        await services.functions_health()


async def test_a_function_that_runs_again_is_healthy(services: Services, ports: FakePorts) -> None:
    """The error is over with the next heartbeat that is received."""
    await pass_time(ports, 60, services, silent=frozenset({"track"}))
    with pytest.raises(FunctionsNotRunningError):
        await services.functions_health()

    await pass_time(ports, 10, services)

    assert len(await services.functions_health()) == len(FUNCTIONS)


async def test_each_region_is_told_of_the_other(services: Services, ports: FakePorts) -> None:
    """A region that is still part of the deployment and silent is named by both, for a day."""
    there = Services(ports, replace(services.settings, region=THERE))
    await pass_time(ports, 20, services, there)
    await pass_time(ports, 40, services)

    for asked in (services, there):
        with pytest.raises(FunctionsNotRunningError) as error:
            await asked.functions_health()
        assert {f"{function} in {THERE}" in error.value.detail for function in FUNCTIONS} == {True}
        assert HERE not in error.value.detail

    await pass_time(ports, 25 * 60, services)
    assert names(await services.functions_health()) == {(HERE, one) for one in FUNCTIONS}


async def test_anybody_may_ask_and_one_look_is_enough(services: Services, ports: FakePorts) -> None:
    """However many ask, at the same time or within half a minute."""
    await pass_time(ports, 5, services)
    before = ports.heartbeats.looks

    for _ in range(3):
        await asyncio.gather(*(services.functions_health() for _ in range(50)))
        ports.clock.advance(9)
    assert ports.heartbeats.looks == before + 1

    ports.clock.advance(9)
    await services.functions_health()
    assert ports.heartbeats.looks == before + 2


async def test_a_storage_that_does_not_answer_is_asked_as_seldom(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then, and no function of a queue can run."""
    looks = 0

    async def refuse() -> Sequence[LastBeat]:
        nonlocal looks
        looks += 1
        raise StorageUnavailableError

    await services.functions_health()
    ports.clock.advance(31)
    with monkeypatch.context() as patch:
        patch.setattr(ports.heartbeats, "last", refuse)
        for _ in range(5):
            with pytest.raises(FunctionsNotRunningError, match=r"storage .* does not answer"):
                await services.functions_health()
    assert looks == 1

    ports.clock.advance(31)
    assert len(await services.functions_health()) == len(FUNCTIONS)


async def test_whoever_asks_while_storage_is_asked_gets_the_same_answer(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look takes a moment, and nobody is told in between that nothing is known."""
    await pass_time(ports, 5, services)
    last = ports.heartbeats.last

    async def slow() -> Sequence[LastBeat]:
        for _ in range(10):
            await asyncio.sleep(0)
        return await last()

    monkeypatch.setattr(ports.heartbeats, "last", slow)

    answers = await asyncio.gather(*(services.functions_health() for _ in range(20)))

    assert [len(beats) for beats in answers] == [len(FUNCTIONS)] * 20


async def test_a_timer_that_never_runs_is_missed_beside_another_region(
    services: Services, ports: FakePorts
) -> None:
    """The beats of the other region say nothing of this one."""
    there = Services(ports, replace(services.settings, region=THERE))
    await pass_time(ports, 5, there)
    await services.functions_health()
    await pass_time(ports, 31, there)

    with pytest.raises(FunctionsNotRunningError) as error:
        await services.functions_health()

    assert "reconcile in local has not run for 31 minutes." in error.value.detail
    assert THERE not in error.value.detail
