"""A job in the process that accepted it: places, its message as the net, and no read too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from emulator_support.patience import async_tries
from qjobs.adapters.system_clock import SystemClock
from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Finish, Inputs
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.job import Status
from qjobs.domain.plan import Plan
from qjobs.services import hidden_message, start
from qjobs.services.hidden_message import HIDDEN
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import started, stored, submitted


@pytest.fixture
async def gate(ports: FakePorts) -> AsyncIterator[asyncio.Event]:
    """Keep every algorithm waiting until the event is set."""
    event = asyncio.Event()

    async def wait(_: str, __: Inputs) -> Plan | Finish:
        await event.wait()
        return Plan((BELL,), {})

    ports.algorithms.start = wait  # type: ignore[assignment,method-assign]
    yield event
    event.set()
    await asyncio.sleep(0.01)


async def ended() -> None:
    """Let what goes on in the background come to its end."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_waiting_caller_gets_the_outcome_without_a_read(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that ends a job has record and result in hand."""
    ports.clock = SystemClock()  # type: ignore[assignment]
    accepted = await submitted(services)

    async def forbidden(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ports.jobs, "get", forbidden)
    monkeypatch.setattr(ports.jobs, "read", forbidden)
    outcome = await started(services, accepted, 5.0)

    assert outcome.job.status is Status.SUCCEEDED
    assert outcome.result is not None
    assert outcome.result["result"] == {"readings": [{"00": 500, "11": 500}]}


async def test_a_job_is_carried_on_whether_or_not_its_caller_waits(
    services: Services, ports: FakePorts
) -> None:
    """The response comes first; the job ends in the same process, and its message is taken back."""
    accepted = await submitted(services)

    outcome = await started(services, accepted)
    assert outcome.job.status is Status.QUEUED
    await ended()

    assert (await stored(ports, accepted.job)).status is Status.SUCCEEDED
    assert ports.queue.sent == []


async def test_the_message_is_there_before_the_response(
    services: Services, ports: FakePorts, gate: asyncio.Event
) -> None:
    """If the process dies after its 202, the message becomes visible and another one goes on."""
    accepted = await submitted(services)

    await started(services, accepted)

    assert ports.queue.sent == [(accepted.job.message(), HIDDEN)]
    gate.set()


async def test_who_comes_second_finds_the_job_done(
    services: Services, ports: FakePorts, gate: asyncio.Event
) -> None:
    """A message that becomes visible while the work still goes on does nothing twice."""
    accepted = await submitted(services)
    await started(services, accepted)
    [(message, _)] = ports.queue.sent

    second = asyncio.create_task(services.dispatch(message))
    gate.set()
    await second
    await ended()

    assert len(ports.provider.submitted) == 1
    assert (await stored(ports, accepted.job)).status is Status.SUCCEEDED


async def test_a_burst_goes_to_the_queue_but_for_a_few_jobs(
    services: Services, ports: FakePorts, gate: asyncio.Event
) -> None:
    """What finds no place, and a line that is too long, is visible in the queue at once."""
    here = start.PLACES_OF_OWNER + start.LINE_OF_OWNER
    accepted = [await submitted(services) for _ in range(here + 3)]

    await asyncio.gather(*(started(services, one) for one in accepted))

    assert sorted(delay for _, delay in ports.queue.sent) == [0.0] * 3 + [HIDDEN] * here


async def test_a_job_in_the_line_is_carried_on_here(services: Services, ports: FakePorts) -> None:
    """More jobs than places, of one caller: all end in this process, whoever waits for them."""
    ports.clock = SystemClock()  # type: ignore[assignment]
    accepted = [await submitted(services) for _ in range(3 * start.PLACES_OF_OWNER)]

    outcomes = await asyncio.gather(*(started(services, one, 5.0) for one in accepted))
    await ended()

    assert {outcome.job.status for outcome in outcomes} == {Status.SUCCEEDED}
    assert ports.queue.sent == []


async def test_a_turn_that_does_not_come_leaves_the_job_to_the_queue(
    services: Services, ports: FakePorts, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is visible then, and no second one comes later."""
    monkeypatch.setattr(start, "LONGEST_TURN", 0.0)
    accepted = [await submitted(services) for _ in range(start.PLACES_OF_OWNER + 1)]

    for one in accepted:
        await started(services, one)
    delays: dict[str, float] = {}
    async for _ in async_tries(0.005):
        delays = {message.job_id: delay for message, delay in ports.queue.sent}
        if delays[accepted[-1].job.id] == 0.0:
            break

    assert len(ports.queue.sent) == len(delays) == len(accepted)
    assert delays[accepted[-1].job.id] == 0.0
    gate.set()


async def test_a_place_is_free_again_when_its_job_is_over(
    services: Services, ports: FakePorts
) -> None:
    """Many jobs one after the other all find one."""
    for _ in range(3 * start.PLACES):
        outcome = await started(services, await submitted(services), 5.0)
        assert outcome.job.status is Status.SUCCEEDED
        await ended()

    assert ports.queue.sent == []


async def test_a_bug_sends_the_job_to_the_queue(
    services: Services, ports: FakePorts, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong here, the job goes on elsewhere."""
    accepted = await submitted(services)
    ports.provider.failures = [ZeroDivisionError()]

    outcome = await started(services, accepted, 1.0)
    await ended()

    assert outcome.job.status is Status.QUEUED
    assert [message.failures for message, _ in ports.queue.sent] == [1]
    assert "ZeroDivisionError" in caplog.text


async def test_trouble_with_the_storage_leaves_the_job_to_its_message(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even the record can be read or written, the message stays."""
    accepted = await submitted(services)

    async def unavailable(*_: object) -> None:
        raise StorageUnavailableError

    with monkeypatch.context() as patch:
        for name in ("get", "save", "finish"):
            patch.setattr(ports.jobs, name, unavailable)
        await started(services, accepted)
        await ended()

    [(message, _)] = ports.queue.sent
    await services.dispatch(message)
    assert (await stored(ports, accepted.job)).status is Status.SUCCEEDED


@pytest.mark.parametrize("free", [0, start.PLACES], ids=["no place", "a place"])
async def test_who_waits_is_told_of_the_job_although_storage_is_gone(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    """An error would have a caller without a key submit a second job."""
    monkeypatch.setattr(start, "PLACES", free)
    monkeypatch.setattr(start, "LINE_OF_OWNER", 0)
    accepted = await submitted(services)

    async def unavailable(*_: object) -> None:
        raise StorageUnavailableError

    with monkeypatch.context() as patch:
        for name in ("get", "read", "save", "finish"):
            patch.setattr(ports.jobs, name, unavailable)
        outcome = await started(services, accepted, 1.0)
        await ended()

    assert (outcome.job.id, outcome.job.status) == (accepted.job.id, Status.QUEUED)
    [(message, _)] = ports.queue.sent
    await services.dispatch(message)
    assert (await stored(ports, accepted.job)).status is Status.SUCCEEDED


async def test_a_job_that_takes_long_gives_its_place_back(
    services: Services, ports: FakePorts
) -> None:
    """It goes on by a message of its own, and the net is taken back."""
    ports.provider.polls = 10_000
    accepted = await submitted(services, target={"mode": "Hardware"})

    outcome = await started(services, accepted, 0.5)
    await ended()

    assert outcome.job.status in {Status.QUEUED, Status.RUNNING}
    assert [message.visits for message, _ in ports.queue.sent] == [1]


async def test_a_message_stays_hidden_while_the_work_goes_on(
    services: Services, ports: FakePorts, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that takes longer than it is hidden at first is not begun a second time elsewhere."""
    monkeypatch.setattr(hidden_message, "HIDDEN", 0.03)
    accepted = await submitted(services)
    await started(services, accepted)

    async for _ in async_tries(0.005):
        if len(ports.queue.hidden) > 3:
            break
    assert [message.job_id for message, _ in ports.queue.sent] == [accepted.job.id]

    gate.set()
    async for _ in async_tries(0.005):
        if not ports.queue.sent:
            break
    assert (await stored(ports, accepted.job)).final
