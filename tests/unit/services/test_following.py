"""The polls, visits and records of a job that is at the provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.job import Status
from qjobs.domain.plan import Plan, ProviderStatus
from qjobs.services.durations import Durations
from tests.fakes import BELL, DEVICE, FakePorts
from tests.unit.services.jobs import accepted, stored

type Resume = Callable[[Inputs, JSONObject, Sequence[Counts]], Plan | Finish]


def steps(number: int) -> Resume:
    """Return an algorithm that finishes after so many steps."""

    def resume(_: Inputs, state: JSONObject, __: Sequence[Counts]) -> Plan | Finish:
        done = state.get("done", 0) + 1
        return Finish({}) if done == number else Plan((BELL,), {"done": done})

    return resume


async def test_each_step_is_polled_with_a_backoff_of_its_own(
    services: Services, ports: FakePorts
) -> None:
    """A step is first polled after what those before it usually took, then ever more rarely."""
    ports.algorithms.then = steps(3)
    ports.provider.polls = 3
    job = await accepted(services)

    await services.dispatch(job.message())

    expected: list[float] = []
    durations = Durations()
    for _ in range(3):
        typical = durations.typical("a")
        pauses = [schedule.polling_pause(polls, typical) for polls in range(4)]
        expected += pauses
        # It was over at some time between the last two looks.
        durations.observe("a", sum(pauses) - pauses[-1] / 2)
    assert ports.clock.slept == pytest.approx(expected)


async def test_a_delayed_message_looks_once(services: Services, ports: FakePorts) -> None:
    """After a delay in the queue nobody waits in place: a look, and back it goes."""
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.polls = 10_000
    await services.dispatch(job.message())
    [(message, _)] = ports.queue.sent
    ports.clock.slept.clear()

    await services.track(message)

    assert ports.clock.slept == []
    assert [one.visits for one, _ in ports.queue.sent] == [1, 2]


async def test_what_is_over_is_seen_soon_whatever_its_queue(
    services: Services, ports: FakePorts
) -> None:
    """A device that announces two hours, and is done at once, is believed its own result."""
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.polls = 1
    began = ports.clock.now()
    await services.dispatch(job.message())
    [(message, delay)] = ports.queue.sent
    ports.clock.advance(delay)

    await services.track(message)

    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert (ports.clock.now() - began).total_seconds() < 3


async def test_time_in_the_queue_says_nothing_of_a_target(
    services: Services, ports: FakePorts
) -> None:
    """A job that was put back does not slow down the polls of the next one."""
    for _ in range(2):
        job = await accepted(services, target={"mode": "Hardware"})
        ports.provider.polls = 1
        ports.clock.slept.clear()
        await services.dispatch(job.message())
        assert ports.clock.slept == [schedule.polling_pause(0)]
        message, _ = ports.queue.sent.pop()
        ports.clock.advance(DEVICE.queue_seconds)
        await services.track(message)
        assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_visits_are_counted_and_delays_begin_anew_with_each_step(
    services: Services, ports: FakePorts
) -> None:
    """Each message has one visit more; the first look at a step comes after two seconds."""
    ports.algorithms.then = steps(2)
    ports.provider.polls = 10_000
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    visits = []
    for polls in (10_000, 10_000, 0):
        ports.provider.polls = polls
        message, delay = ports.queue.sent.pop()
        visits.append((message.step, message.visits))
        ports.clock.advance(10 * delay)
        await services.track(message)

    [(message, delay)] = ports.queue.sent
    assert [*visits, (message.step, message.visits)] == [(0, 1), (0, 2), (0, 3), (1, 4)]
    assert delay == 2
    waiting = await stored(ports, job)
    assert (waiting.step, waiting.circuits_done, waiting.circuits_total) == (1, 0, 1)


@pytest.mark.parametrize(
    ("polls", "seen"), [(1, {Status.QUEUED}), (10, {Status.QUEUED, Status.RUNNING})]
)
async def test_only_a_job_that_takes_long_is_recorded_on_its_way(
    services: Services, ports: FakePorts, polls: int, seen: set[Status]
) -> None:
    """A job that is over in half a second is written when it is accepted and when it ends."""
    ports.provider.polls = polls
    job = await accepted(services)
    status, statuses = ports.provider.status, set()

    async def look(target: str, provider_job: str) -> ProviderStatus:
        statuses.add(ports.jobs.peek(job.owner, job.id).status)
        return await status(target, provider_job)

    ports.provider.status = look  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    assert statuses == seen
    assert (await stored(ports, job)).status is Status.SUCCEEDED
