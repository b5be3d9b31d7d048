"""Heartbeats: sent by the timer, received by the functions of the queues, in one or two regions."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.heartbeat import (
    FUNCTIONS,
    HOP_DELAY,
    INTERVAL,
    MOST_HOPS,
    WORKERS,
    Heartbeat,
)
from qjobs.domain.messages import Queue
from tests.fakes import START, FakePorts

HERE, THERE = "local", "westeurope"


@pytest.fixture
def there(services: Services, ports: FakePorts) -> Services:
    """Return the services of another region, over the same storage and queues."""
    return Services(ports, replace(services.settings, region=THERE))


async def ages(ports: FakePorts) -> dict[tuple[str, str], timedelta]:
    """Return how long ago each function ran."""
    now = ports.clock.now()
    beats = await ports.heartbeats.last()
    return {(beat.region, beat.function): now - beat.at for beat in beats}


async def delivered(ports: FakePorts, choose: Callable[[], Services]) -> int:
    """Deliver heartbeats until there are none, each to whom *choose* says; return how many."""
    waiting, count = deque[tuple[Heartbeat, float]](), 0
    while True:
        waiting.extend(ports.queue.heartbeats)
        ports.queue.heartbeats.clear()
        if not waiting:
            return count
        heartbeat, delay = waiting.popleft()
        ports.clock.advance(delay)
        await choose().receive_heartbeat(heartbeat)
        count += 1


async def refuse(*_: object) -> None:
    """Fail as a storage that does not answer."""
    raise StorageUnavailableError


async def break_down(*_: object) -> None:
    """Fail as nobody expects."""
    raise ZeroDivisionError


async def test_a_heartbeat_makes_every_function_show_that_it_runs(
    services: Services, ports: FakePorts
) -> None:
    """The timer notes itself and sends one message to each queue, whose function notes itself."""
    await services.send_heartbeats()

    assert {beat for beat, _ in ports.queue.heartbeats} == {Heartbeat(q, HERE) for q in Queue}
    ports.clock.advance(60)
    assert await delivered(ports, lambda: services) == len(Queue)
    assert await ages(ports) == {
        (HERE, "reconcile"): timedelta(seconds=60),
        (HERE, "dispatch"): timedelta(0),
        (HERE, "track"): timedelta(0),
        (HERE, "deliver"): timedelta(0),
        (HERE, "outputs"): timedelta(0),
    }


async def test_a_function_that_never_ran_is_expected(services: Services, ports: FakePorts) -> None:
    """Nobody receives the first heartbeat, and yet the function is known from then on."""
    await services.send_heartbeats()

    assert set(await ages(ports)) == {(HERE, function) for function in FUNCTIONS}


async def test_a_beat_does_not_hide_that_another_function_is_silent(
    services: Services, ports: FakePorts
) -> None:
    """The timer's next heartbeat expects the silent one from the first time on, not anew."""
    await services.send_heartbeats()
    ports.queue.heartbeats.clear()
    ports.clock.advance(INTERVAL.total_seconds())

    await services.send_heartbeats()

    assert (await ages(ports))[HERE, "track"] == INTERVAL
    assert (await ages(ports))[HERE, "reconcile"] == timedelta(0)


@pytest.mark.parametrize("seconds", [2, 60, 300, 599, 600])
async def test_heartbeats_are_sent_once_in_an_interval(
    services: Services, ports: FakePorts, seconds: int
) -> None:
    """However often the timer runs; a job's own transactions are all that is between."""
    for _ in range(7200 // seconds):
        await services.send_heartbeats()
        ports.clock.advance(seconds)

    sent = len(ports.queue.heartbeats) / len(Queue)
    assert 11 <= sent <= 13
    assert ports.heartbeats.looks == 0


async def test_a_new_process_sends_heartbeats_at_once(services: Services, ports: FakePorts) -> None:
    """It does not know what the last one did, and twice is no harm."""
    await services.send_heartbeats()
    ports.queue.heartbeats.clear()

    await Services(ports, services.settings).send_heartbeats()

    assert len(ports.queue.heartbeats) == len(Queue)


async def test_who_asked_first_does_not_keep_heartbeats_waiting(
    services: Services, ports: FakePorts
) -> None:
    """A timer that is expected has not run yet."""
    await services.functions_health()

    await services.send_heartbeats()

    assert len(ports.queue.heartbeats) == len(Queue)


async def test_regions_send_heartbeats_of_their_own(
    services: Services, there: Services, ports: FakePorts
) -> None:
    """What one has sent is no reason for the other not to."""
    await services.send_heartbeats()
    await there.send_heartbeats()

    assert {beat.region for beat, _ in ports.queue.heartbeats} == {HERE, THERE}


async def test_another_region_puts_a_heartbeat_back(
    services: Services, there: Services, ports: FakePorts
) -> None:
    """It proves nothing there; hidden for a moment, it can be received by its own region."""
    sent = Heartbeat(Queue.TRACK, THERE)

    await services.receive_heartbeat(sent)

    assert await ages(ports) == {}
    [(again, delay)] = ports.queue.heartbeats
    assert (again, delay) == (Heartbeat(Queue.TRACK, THERE, hops=1), HOP_DELAY)
    await there.receive_heartbeat(again)
    assert set(await ages(ports)) == {(THERE, "track")}


@pytest.mark.parametrize("seed", range(20))
async def test_two_regions_on_the_same_queues_both_show_that_they_run(
    services: Services, there: Services, ports: FakePorts, seed: int
) -> None:
    """Whichever of them receives a message."""
    chance = random.Random(seed)
    await services.send_heartbeats()
    await there.send_heartbeats()

    ports.clock.advance(1)

    await delivered(ports, lambda: chance.choice((services, there)))

    beats = await ports.heartbeats.last()
    assert {(beat.region, beat.function) for beat in beats if beat.at > START} == {
        (region, function) for region in (HERE, THERE) for function in WORKERS.values()
    }


async def test_a_region_whose_functions_are_silent_is_told_from_the_other(
    services: Services, there: Services, ports: FakePorts
) -> None:
    """The other receives all messages, and cannot answer for it; in the end they are dropped."""
    await services.send_heartbeats()
    await there.send_heartbeats()

    received = await delivered(ports, lambda: services)

    assert received == len(Queue) * (MOST_HOPS + 2)
    passed = ports.clock.now() - START
    assert passed == timedelta(seconds=len(Queue) * MOST_HOPS * HOP_DELAY)
    beats = await ages(ports)
    assert [beats[THERE, function] for function in WORKERS.values()] == [passed] * len(Queue)


@pytest.mark.parametrize("failure", [refuse, break_down])
@pytest.mark.parametrize("method", ["note", "expect"])
async def test_a_timer_that_cannot_note_itself_tries_again(
    services: Services,
    ports: FakePorts,
    caplog: pytest.LogCaptureFixture,
    method: str,
    failure: Callable[..., object],
) -> None:
    """It does not fail, and its next run is not an interval away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.heartbeats, method, failure)
        await services.send_heartbeats()
    assert [getattr(record, "action", "") for record in caplog.records] == ["heartbeat_failed"]
    assert ports.queue.heartbeats == []

    await services.send_heartbeats()

    assert len(ports.queue.heartbeats) == len(Queue)


@pytest.mark.parametrize("failure", [refuse, break_down])
async def test_a_heartbeat_that_cannot_be_noted_is_lost_and_not_poison(
    services: Services,
    ports: FakePorts,
    caplog: pytest.LogCaptureFixture,
    failure: Callable[..., object],
) -> None:
    """The function of the queue does not fail, so that the host does not count attempts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.heartbeats, "note", failure)
        await services.receive_heartbeat(Heartbeat(Queue.TRACK, HERE))

    assert [getattr(record, "action", "") for record in caplog.records] == ["heartbeat_failed"]
    assert await ages(ports) == {}


@pytest.mark.parametrize("failure", [refuse, break_down])
async def test_a_queue_that_refuses_heartbeats_fails_nobody(
    services: Services,
    ports: FakePorts,
    caplog: pytest.LogCaptureFixture,
    failure: Callable[..., object],
) -> None:
    """The timer runs, and says so; the next interval has its own heartbeats."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.queue, "send", failure)
        await services.send_heartbeats()
        await services.receive_heartbeat(Heartbeat(Queue.TRACK, THERE))
    assert {getattr(record, "action", "") for record in caplog.records} == {"heartbeat_failed"}
    assert (await ages(ports))[HERE, "reconcile"] == timedelta(0)

    ports.clock.advance(INTERVAL.total_seconds())
    await services.send_heartbeats()

    assert len(ports.queue.heartbeats) == len(Queue)


async def test_a_poisoned_heartbeat_is_dropped(services: Services, ports: FakePorts) -> None:
    """A process that dies again and again leaves one behind; it fails no job."""
    await services.poison(Heartbeat(Queue.TRACK, HERE).encode())

    assert ports.queue.sent == []
    assert ports.queue.heartbeats == []
