from __future__ import annotations

from qjobs.bootstrap import Services
from qjobs.domain.job import Status
from qjobs.domain.plan import Plan, ProviderJob
from tests.fakes import BELL, FakePorts, target
from tests.unit.services.jobs import accepted, stored

FIRST, SECOND = "ionq.qpu.aria-1", "ionq.qpu.forte-1"


def devices(ports: FakePorts) -> None:
    """Give the workspace two devices, of which the first is less busy."""
    ports.provider.available = [target(FIRST, queue=1), target(SECOND, queue=2)]


async def test_another_target_is_chosen_for_one_that_is_gone(
    services: Services, ports: FakePorts
) -> None:
    """A job that named no target runs at the next one, all of it, and says where."""
    devices(ports)
    ports.provider.gone = {FIRST}
    ports.algorithms.first = Plan((BELL,) * 3, {})
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    assert {one.target for one in ports.provider.submitted.values()} == {SECOND}
    assert len(ports.provider.submitted) == 3
    ended = await stored(ports, job)
    assert ended.status is Status.SUCCEEDED
    assert ended.target is not None
    assert ended.target.id == SECOND
    assert ports.provider.sessions == {}, "one was opened at each"
    assert len(ports.provider.closed) == 2


async def test_the_other_choice_is_stored(services: Services, ports: FakePorts) -> None:
    """A repetition of the work finds the job where it runs now."""
    devices(ports)
    ports.provider.gone = {FIRST}
    ports.provider.polls = 10**6
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())

    step = await ports.documents.get(job.owner, job.id, "step-0")

    assert step is not None
    assert step["target"]["id"] == SECOND


async def test_a_named_target_that_is_gone_ends_the_job(
    services: Services, ports: FakePorts
) -> None:
    """Who asks for a target wants no other; the reason is the provider's."""
    devices(ports)
    ports.provider.gone = {FIRST}
    job = await accepted(services, target={"id": FIRST})

    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert ended.status is Status.FAILED
    assert ended.error is not None
    assert (ended.error.code, ended.error.detail) == ("provider-rejected", f"No {FIRST}.")
    assert ports.provider.submitted == {}


async def test_when_every_target_is_gone_the_job_ends(services: Services, ports: FakePorts) -> None:
    """There is an end to choosing again: the reason is that of the last target."""
    devices(ports)
    ports.provider.gone = {FIRST, SECOND}
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert ended.error is not None
    assert ended.error.detail == f"No {SECOND}."


async def test_a_job_of_which_something_is_placed_stays_where_it_is(
    services: Services, ports: FakePorts
) -> None:
    """Circuits of one step are never run at two targets."""
    devices(ports)
    ports.algorithms.first = Plan((BELL,) * 2, {})
    job = await accepted(services, target={"mode": "Hardware"})
    submit = ports.provider.submit

    async def vanishing(job: ProviderJob) -> None:
        await submit(job)
        ports.provider.gone = {FIRST}

    ports.provider.submit = vanishing  # type: ignore[method-assign]

    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.FAILED
    assert {one.target for one in ports.provider.submitted.values()} == {FIRST}


async def test_the_next_noise_comes_with_its_own_options(
    services: Services, ports: FakePorts
) -> None:
    """When a simulator is gone, the job has the options and the device of the next one."""
    ports.provider.available = [
        *(target("quantinuum.qpu.h2-1", queue=1), target("quantinuum.sim.h2-1e")),
        *(target(FIRST, queue=2), target("ionq.simulator")),
    ]
    ports.provider.gone = {"quantinuum.sim.h2-1e"}
    job = await accepted(services, target={"mode": "NoisySimulator"}, seed=7)

    await services.dispatch(job.message())

    [submitted] = ports.provider.submitted.values()
    assert (submitted.target, submitted.options) == (
        "ionq.simulator",
        {"noise": {"model": "aria-1"}},
    )
    ended = await stored(ports, job)
    assert ended.target is not None
    assert ended.target.device == FIRST


async def test_a_choice_by_old_figures_says_how_old_they_are(
    services: Services, ports: FakePorts
) -> None:
    """Of a workspace that has been silent for a while, the last figures are what there is."""
    devices(ports)
    read = ports.clock.now()
    ports.clock.advance(600)
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert ended.target is not None
    assert ended.target.as_of == read
    assert (ports.clock.now() - read).total_seconds() >= 600
