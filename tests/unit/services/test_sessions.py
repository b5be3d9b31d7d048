"""The session of a loop: opened with its first step, closed whatever becomes of the job."""

from __future__ import annotations

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import accepted, stored
from tests.unit.services.test_steps import decide, loop


async def worked_off(services: Services, ports: FakePorts, job: Job) -> Job:
    """Process messages of a job until there are none."""
    await services.dispatch(job.message())
    while ports.queue.sent:
        message, delay = ports.queue.sent.pop(0)
        ports.clock.advance(delay)
        await services.track(message)
    return await stored(ports, job)


async def test_all_steps_of_a_loop_are_in_one_session(services: Services, ports: FakePorts) -> None:
    """It is open while they run, at their target, and closed once the job has its result."""
    decide(ports, loop(4))
    job = await accepted(services)

    await services.dispatch(job.message())

    [session] = ports.provider.closed
    assert {one.session for one in ports.provider.submitted.values()} == {session}
    assert len(ports.provider.submitted) == 4
    assert ports.provider.sessions == {}


async def test_a_job_of_one_step_has_no_session(services: Services, ports: FakePorts) -> None:
    """Nothing follows that would gain by it."""
    job = await accepted(services, algorithm="once")

    await services.dispatch(job.message())

    assert [one.session for one in ports.provider.submitted.values()] == [None]
    assert ports.provider.closed == []


@pytest.mark.parametrize(
    ("members", "ending", "status"),
    [
        ({"budget": {"circuits": 2}}, Phase.SUCCEEDED, Status.FAILED),
        ({}, Phase.FAILED, Status.FAILED),
        ({"deadline": "PT1S"}, Phase.RUNNING, Status.CANCELED),
    ],
    ids=["budget", "failure", "deadline"],
)
async def test_a_session_is_closed_however_its_job_ends(
    services: Services, ports: FakePorts, members: JSONObject, ending: Phase, status: Status
) -> None:
    """A budget, a failure of the provider and a deadline leave none open."""
    decide(ports, loop(4))
    ports.provider.ending = ProviderStatus(ending)
    job = await accepted(services, **members)

    ended = await worked_off(services, ports, job)

    assert (ended.status, ended.due) == (status, None)
    assert ports.provider.sessions == {}
    assert len(ports.provider.closed) == 1


async def test_a_canceled_loop_closes_its_session(services: Services, ports: FakePorts) -> None:
    """The progress until then stays in the record."""
    decide(ports, loop(4))
    ports.provider.polls = 10_000
    job = await accepted(services)
    await services.dispatch(job.message())

    await services.track((await services.cancel("owner", job.id)).message())

    ended = await stored(ports, job)
    assert ended.status is Status.CANCELED
    assert ended.progress is not None
    assert ended.progress.value == -1.0
    assert ports.provider.sessions == {}


async def test_a_session_that_cannot_be_closed_keeps_no_result(
    services: Services, ports: FakePorts
) -> None:
    """The job has succeeded meanwhile, and stays due until the session is closed."""
    decide(ports, loop(2))
    job = await accepted(services)
    close, refusals = ports.provider.close_session, [ProviderUnavailableError()]

    async def refuse(target: str, session_id: str) -> None:
        if refusals:
            raise refusals.pop()
        await close(target, session_id)

    ports.provider.close_session = refuse  # type: ignore[method-assign]
    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert (ended.status, ended.withdrawing) == (Status.SUCCEEDED, True)
    [(message, delay)] = ports.queue.sent
    ports.queue.sent.clear()
    ports.clock.advance(delay)
    await services.track(message)
    assert (await stored(ports, job)).due is None
    assert ports.provider.sessions == {}


async def test_a_step_is_expected_to_take_what_the_one_before_took(
    services: Services, ports: FakePorts
) -> None:
    """The public queue of a target counts for the first step only."""
    first = Plan((BELL,), {"step": 0})
    decide(ports, [first, Plan((BELL,), {"step": 1}), Finish({})])
    began = ports.clock.now()
    ports.provider.ending = ProviderStatus(Phase.SUCCEEDED, began=began, ended=began)
    ports.provider.polls = 1
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())
    [(message, delay)] = ports.queue.sent
    ports.queue.sent.clear()
    ports.clock.advance(delay)
    await services.track(message)

    assert ports.queue.sent == []
    assert (await stored(ports, job)).status is Status.SUCCEEDED
