"""Steps of many circuits, and loops of many steps, at a provider of whose answers some get lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.job import Job, Status
from qjobs.domain.messages import Queue
from qjobs.domain.plan import Plan
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import accepted, stored

CIRCUITS = 100
"""Of which all never succeed at once where one call in ten fails: once in 40,000 times."""
MOST = 10


async def deliver(services: Services, ports: FakePorts) -> None:
    """Process the one message that is queued, when its delay is over."""
    [(message, delay)] = ports.queue.sent
    ports.queue.sent.clear()
    ports.clock.advance(delay)
    await (services.track if message.queue is Queue.TRACK else services.dispatch)(message)


async def finish(services: Services, ports: FakePorts, job: Job, most: int) -> Job:
    """Process what is queued for a job until it has ended and is not due; return it."""
    visits = 1
    while not (found := await stored(ports, job)).final or found.due is not None:
        await deliver(services, ports)
        visits += 1
        assert visits < most
    return found


async def test_a_large_step_ends_though_one_call_in_ten_fails(
    services: Services, ports: FakePorts
) -> None:
    """Submissions, statuses and readings that were lost are asked for again, not all of them."""
    ports.algorithms.first = Plan((BELL,) * CIRCUITS, {})
    ports.provider.share_failing = 0.1
    job = await accepted(services)

    await services.dispatch(job.message())

    assert (await finish(services, ports, job, MOST)).status is Status.SUCCEEDED
    assert len(ports.provider.submitted) == CIRCUITS


async def test_a_large_step_is_withdrawn_though_one_call_in_ten_fails(
    services: Services, ports: FakePorts
) -> None:
    """Every circuit is canceled at the first look or the next, and nothing stays due."""
    ports.algorithms.first = Plan((BELL,) * CIRCUITS, {})
    ports.provider.polls = 10_000
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    ports.queue.sent.clear()
    ports.provider.share_failing = 0.1

    await services.track((await services.cancel(job.owner, job.id)).message())

    assert (await finish(services, ports, job, MOST)).status is Status.CANCELED
    assert set(ports.provider.canceled) == set(ports.provider.submitted)


@pytest.mark.parametrize(
    ("steps", "share", "visits"), [(25, 0.1, 25), (60, 0.4, 500)], ids=["tenth", "four tenths"]
)
async def test_a_long_loop_ends_though_calls_fail(
    services: Services, ports: FakePorts, steps: int, share: float, visits: int
) -> None:
    """An attempt begins at the step that was reached, and is the first one of that step.

    Sixty steps take more attempts than a job has, and no step takes as many.
    """
    plans = [Plan((BELL,), {"step": step}) for step in range(steps)]

    def then(_: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        number = int(state["step"]) + 1
        return plans[number] if number < steps else Finish({"readings": len(outcomes)})

    ports.algorithms.first, ports.algorithms.then = plans[0], then
    ports.provider.share_failing = share
    job = await accepted(services)

    await services.dispatch(job.message())

    assert (await finish(services, ports, job, visits)).status is Status.SUCCEEDED
    assert len(ports.provider.submitted) == steps


@pytest.mark.parametrize(("failing", "asked"), [(CIRCUITS, None), (1, 7.0)])
async def test_what_the_provider_does_not_take_is_left_to_the_queue(
    services: Services, ports: FakePorts, failing: int, asked: float | None
) -> None:
    """Where no call gets through, or one is told to wait, nothing is repeated at once."""
    ports.algorithms.first = Plan((BELL,) * CIRCUITS, {})
    ports.provider.polls = 1
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    calls = ports.provider.calls
    ports.provider.failures = [ProviderUnavailableError(None, asked) for _ in range(failing)]

    await deliver(services, ports)

    [(_, delay)] = ports.queue.sent
    assert delay >= (asked or 0.0)
    assert ports.provider.calls - calls == CIRCUITS
