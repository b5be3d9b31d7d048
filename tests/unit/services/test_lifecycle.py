"""A job's way through dispatch and track to its result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Status
from qjobs.domain.messages import Queue
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import accepted, stored


async def test_a_simulator_job_ends_in_one_visit(services: Services, ports: FakePorts) -> None:
    """Dispatch stays with a quick job until its result is there."""
    ports.provider.polls = 3
    job = await accepted(services)

    await services.dispatch(job.message())

    result = (await services.read_outcome("owner", job.id)).result
    assert result is not None
    assert result["result"] == {"readings": [{"00": 500, "11": 500}]}
    assert result["provenance"]["target"]["id"] == "local.sim.aer"
    assert result["provenance"]["circuits"] == [BELL.metrics()]
    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert ports.queue.sent == []


async def test_a_job_for_a_busy_device_is_put_back_at_once(
    services: Services, ports: FakePorts
) -> None:
    """With two hours of queue ahead nobody waits in place, and the first look is soon."""
    ports.provider.polls = 1
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    [(message, delay)] = ports.queue.sent
    assert (message.queue, message.step, message.visits) == (Queue.TRACK, 0, 1)
    assert len(ports.clock.slept) == 1
    assert delay == 2
    waiting = await stored(ports, job)
    assert waiting.due is not None
    assert waiting.due > ports.clock.now() + timedelta(seconds=delay)

    ports.clock.advance(delay)
    await services.track(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_slow_simulator_is_put_back_when_patience_ends(
    services: Services, ports: FakePorts
) -> None:
    """A function does not wait in place for longer than two seconds."""
    ports.provider.polls = 10_000
    job = await accepted(services)

    await services.dispatch(job.message())

    assert 2 <= sum(ports.clock.slept) < 3
    assert [message.queue for message, _ in ports.queue.sent] == [Queue.TRACK]
    assert (await stored(ports, job)).status is Status.RUNNING


async def test_a_job_of_many_quick_steps_gives_way(services: Services, ports: FakePorts) -> None:
    """After its patience it goes to the end of the queue, without a delay."""

    def again(_: Inputs, __: JSONObject, ___: Sequence[Counts]) -> Plan | Finish:
        return Plan((BELL,), {})

    ports.algorithms.then = again
    ports.provider.polls = 2
    job = await accepted(services)

    await services.dispatch(job.message())

    assert timedelta(seconds=sum(ports.clock.slept)) >= services.settings.patience
    [(message, delay)] = ports.queue.sent
    assert (message.queue, delay) == (Queue.TRACK, 0)
    assert message.step > 10


async def test_an_iterative_algorithm_runs_step_after_step(
    services: Services, ports: FakePorts
) -> None:
    """An algorithm that asks for circuits again gets them run, each step under its own ids."""

    def thrice(_: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        step = state.get("step", 0) + 1
        return Finish({"steps": step}) if step == 3 else Plan((BELL,) * step, {"step": step})

    ports.algorithms.then = thrice
    job = await accepted(services)

    await services.dispatch(job.message())

    result = (await services.read_outcome("owner", job.id)).result
    assert result is not None
    assert result["result"] == {"steps": 3}
    expected = [provider_job_id(job.id, *place) for place in [(0, 0), (1, 0), (2, 0), (2, 1)]]
    assert list(ports.provider.submitted) == expected
    assert result["provenance"]["steps"] == 3


async def test_circuits_of_a_seeded_job_have_seeds_of_their_own(
    services: Services, ports: FakePorts
) -> None:
    """No two circuits of a job share their sampling noise, and a repeated job repeats it."""
    ports.algorithms.first = Plan((BELL, BELL), {})
    for _ in range(2):
        await services.dispatch((await accepted(services, seed=7)).message())
    await services.dispatch((await accepted(services)).message())

    seeds = [job.seed for job in ports.provider.submitted.values()]
    assert seeds[0] == 7
    assert len(set(seeds[:2])) == 2
    assert seeds[:2] == seeds[2:4]
    assert seeds[4:] == [None, None]


@pytest.mark.parametrize(
    ("mode", "failures"),
    [
        ("Simulator", []),  # followed in place
        ("Hardware", []),  # put back, and taken up from what is stored
        ("Simulator", [ProviderUnavailableError()]),  # dispatched again
    ],
)
async def test_every_provider_job_has_what_the_caller_asked_for(
    services: Services, ports: FakePorts, mode: str, failures: list[Exception]
) -> None:
    """Options, trace context, shots and name reach the provider with each circuit of each step."""

    def once_more(_: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        return Finish({}) if state else Plan((BELL, BELL), {"last": True})

    ports.algorithms.then = once_more
    ports.provider.polls = 1
    options, trace = {"noise": {"model": "harmony"}}, f"00-{'a' * 32}-{'b' * 16}-01"
    body = {"input": {}, "target": {"mode": mode}, "shots": 77, "options": options}
    job = (await services.submit("owner", "bell", body, None, trace)).job

    ports.provider.failures = failures
    await services.dispatch(job.message())
    while not (await stored(ports, job)).final:
        message, _ = ports.queue.sent.pop()
        await (services.dispatch if message.queue is Queue.DISPATCH else services.track)(message)

    asked = [
        (one.options, one.trace_parent, one.shots, one.name, one.program)
        for one in ports.provider.submitted.values()
    ]
    assert asked == [(options, trace, 77, f"bell {job.id}", BELL)] * 3


async def test_an_algorithm_may_finish_without_a_circuit(
    services: Services, ports: FakePorts
) -> None:
    """A job whose answer needs no quantum computer never reaches the provider."""
    ports.algorithms.first = Finish({"answer": 4})
    job = await accepted(services)

    await services.dispatch(job.message())

    result = (await services.read_outcome("owner", job.id)).result
    assert result is not None
    assert result["result"] == {"answer": 4}
    assert ports.provider.submitted == {}


async def test_every_step_gets_the_input_of_the_job(services: Services, ports: FakePorts) -> None:
    """What the caller asked for is there until the end, beside the state of the iteration."""
    seen: list[tuple[Inputs, JSONObject]] = []

    def again(inputs: Inputs, state: JSONObject, _: Sequence[Counts]) -> Plan | Finish:
        seen.append((inputs, state))
        return Plan((BELL,), {"round": len(seen)}) if len(seen) < 3 else Finish({})

    ports.algorithms.then = again
    job = (await services.submit("owner", "bell", {"input": {"pairs": 3}}, None)).job

    await services.dispatch(job.message())

    assert [inputs.input for inputs, _ in seen] == [{"pairs": 3}] * 3
    assert [state for _, state in seen] == [{}, {"round": 1}, {"round": 2}]


async def test_a_job_that_waits_at_the_provider_is_not_running(
    services: Services, ports: FakePorts
) -> None:
    """It is shown as submitted until the provider has begun."""
    ports.provider.ending = ProviderStatus(Phase.WAITING)
    job = await accepted(services)

    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.SUBMITTED
    ports.provider.ending = ProviderStatus(Phase.RUNNING)
    [(message, _)] = ports.queue.sent
    await services.track(message)
    assert (await stored(ports, job)).status is Status.RUNNING
