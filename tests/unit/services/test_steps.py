"""Shots, progress, totals and budgets of the steps of a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program, Progress
from qjobs.domain.errors import BudgetExceededError, ProviderUnavailableError
from qjobs.domain.job import Job, Status
from qjobs.domain.money import Money
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from qjobs.ports import JobFilter, Stored
from tests.fakes import BELL, SIMULATOR, START, FakePorts
from tests.fakes import target as known
from tests.unit.services.jobs import accepted, stored
from tests.unit.services.test_withdrawal import DiedError

LARGE = replace(BELL, qubits=27)
"""More than ionq.qpu.aria-1 has."""


def loop(steps: int, *, best: JSONObject | None = None) -> list[Plan | Finish]:
    """Return the decisions of an algorithm that takes so many steps."""
    progress = [Progress(steps, -1.0 - step, 0.5) for step in range(steps)]
    plans = [Plan((BELL,), {"step": step}, (), progress[step], best) for step in range(steps)]
    return [*plans, Finish({"done": True})]


def decide(ports: FakePorts, decisions: Sequence[Plan | Finish]) -> None:
    """Have the algorithm decide so, one after the other."""
    first, *rest = decisions
    ports.algorithms.first = first

    def then(_: Inputs, state: JSONObject, __: Sequence[Counts]) -> Plan | Finish:
        return rest[state.get("step", 0)]

    ports.algorithms.then = then


async def result_of(services: Services, job_id: str) -> JSONObject:
    """Return the document of a job's result."""
    result = (await services.read_outcome("owner", job_id)).result
    assert result is not None
    return result


async def test_more_shots_than_a_target_takes_run_in_parts(
    services: Services, ports: FakePorts
) -> None:
    """Each part has a seed of its own and at most what the target takes; counts are added up."""
    seen: list[Sequence[Counts]] = []

    def then(_: Inputs, __: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        seen.append(outcomes)
        return Finish({})

    ports.algorithms.first, ports.algorithms.then = Plan((BELL, BELL), {}, (25_000, 10)), then
    job = await accepted(services, target={"id": "ionq.qpu.aria-1"}, seed=7)

    await services.dispatch(job.message())
    while (await stored(ports, job)).status is not Status.SUCCEEDED:
        [(message, delay)] = ports.queue.sent
        ports.queue.sent.clear()
        ports.clock.advance(delay)
        await services.track(message)

    jobs = list(ports.provider.submitted.values())
    assert [one.shots for one in jobs] == [8334, 8333, 8333, 10]
    assert len({one.seed for one in jobs}) == len({one.id for one in jobs}) == 4
    assert [outcome.total for outcome in seen[0]] == [3000, 1000]
    totals = (await result_of(services, job.id))["provenance"]["totals"]
    assert totals == {"circuits": 4, "shots": 25_010, "gates": {"h": 4, "cx": 4}}


async def test_totals_are_those_of_all_steps(services: Services, ports: FakePorts) -> None:
    """Circuits, shots, gates and cost add up; the counts are the last step's."""
    decide(ports, loop(3))
    ports.provider.ending = ProviderStatus(
        Phase.SUCCEEDED, began=START, ended=START, cost=0.1, currency="USD"
    )
    job = await accepted(services, shots=100)

    await services.dispatch(job.message())

    result = await result_of(services, job.id)
    assert result["provenance"]["steps"] == 3
    assert result["provenance"]["totals"] == {
        "circuits": 3,
        "shots": 300,
        "gates": {"h": 3, "cx": 3},
    }
    assert result["provenance"]["cost"] == {"amount": 0.3, "currency": "USD"}
    assert len(result["counts"]) == 1
    assert (await stored(ports, job)).cost == Money(0.3, "USD")


async def test_a_caller_sees_the_progress_of_a_step(services: Services, ports: FakePorts) -> None:
    """Steps planned, the value so far and its uncertainty, its cost; at most twice a second."""
    decide(ports, loop(3))
    ports.provider.ending = ProviderStatus(Phase.SUCCEEDED, cost=0.1, currency="USD")
    job = await accepted(services)
    seen: list[tuple[int, Progress | None, Money | None]] = []
    resume = ports.algorithms.then

    def then(inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        now = ports.jobs.peek("owner", job.id)
        seen.append((now.step, now.progress, now.cost))
        ports.clock.advance(0.6)
        return resume(inputs, state, outcomes)

    ports.algorithms.then = then
    await services.dispatch(job.message())

    assert seen[1:] == [
        (1, Progress(3, -2.0, 0.5), Money(0.1, "USD")),
        (2, Progress(3, -3.0, 0.5), Money(0.2, "USD")),
    ]
    final = await stored(ports, job)
    assert (final.progress, final.submitted_at is not None) == (Progress(3, -3.0, 0.5), True)


async def test_a_loop_of_quick_steps_is_written_seldom(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record is written when it is accepted and when it ends, as long as it is quick."""
    decide(ports, loop(20))
    job = await accepted(services)
    saved: list[int] = []
    save = ports.jobs.save

    async def counted(changed: Job, etag: str) -> Stored:
        saved.append(changed.step)
        return await save(changed, etag)

    monkeypatch.setattr(ports.jobs, "save", counted)
    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert saved == [19]


async def test_a_loop_goes_on_where_its_process_died(services: Services, ports: FakePorts) -> None:
    """Its message says an older step; the steps that are placed are found, none runs twice."""
    decide(ports, loop(6))
    job, asked = await accepted(services), ports.algorithms.then

    def then(inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        if state["step"] == 3:
            raise DiedError
        return asked(inputs, state, outcomes)

    ports.algorithms.then = then
    with pytest.raises(DiedError):
        await services.dispatch(job.message())
    ports.algorithms.then = asked

    await services.dispatch(job.message().repeated())

    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert len(ports.provider.submitted) == 6
    assert len(ports.provider.closed) == 1


async def test_a_budget_ends_a_loop_with_its_best_result(
    services: Services, ports: FakePorts
) -> None:
    """No step is placed that it does not allow, and the result says why it came early."""
    decide(ports, loop(5, best={"done": False}))
    job = await accepted(services, shots=100, budget={"shots": 250})

    await services.dispatch(job.message())

    result = await result_of(services, job.id)
    assert result["result"] == {"done": False}
    assert result["provenance"]["endedEarly"] == "It takes 300 shots; its budget is 250."
    assert len(ports.provider.submitted) == 2


async def test_a_budget_without_a_best_result_fails_the_job(
    services: Services, ports: FakePorts
) -> None:
    """The reason names the member of the body, and nothing more is placed."""
    decide(ports, loop(5))
    job = await accepted(services, budget={"circuits": 2})

    await services.dispatch(job.message())

    final = await stored(ports, job)
    assert final.error is not None
    assert (final.error.code, final.error.pointer) == ("budget-exceeded", "/budget")
    assert final.error.detail == "It takes 3 circuits; its budget is 2."
    assert len(ports.provider.submitted) == 2


@pytest.mark.parametrize(
    ("budget", "excess"),
    [
        ({"shots": 999}, "It takes 1000 shots; its budget is 999."),
        ({"amount": 97, "currency": "USD"}, "It costs 97.50 USD; its budget is 97.00 USD."),
        ({"amount": 500, "currency": "EUR"}, "It is paid in USD; its budget is 500.00 EUR."),
    ],
)
async def test_a_first_step_beyond_the_budget_is_refused(
    services: Services, ports: FakePorts, budget: JSONObject, excess: str
) -> None:
    """The submission is, with the figures: by the published price where it is about money."""
    target = {"id": "ionq.qpu.aria-1"}
    with pytest.raises(BudgetExceededError) as refused:
        await accepted(services, shots=1000, budget=budget, target=target)

    assert [(one.pointer, one.detail) for one in refused.value.violations] == [("/budget", excess)]
    assert (await services.list_jobs("owner", JobFilter(), 10, None)).jobs == []
    assert ports.provider.submitted == {}


async def test_a_budget_that_could_not_be_checked_is_checked_before_the_first_step(
    services: Services, ports: FakePorts
) -> None:
    """A workspace that does not answer keeps no submission waiting."""
    ports.provider.failures = [ProviderUnavailableError()]
    job = await accepted(services, shots=1000, budget={"shots": 999})

    await services.dispatch(job.message())

    final = await stored(ports, job)
    assert final.error is not None
    assert final.error.code == "budget-exceeded"
    assert ports.provider.submitted == {}


async def test_a_loop_ends_at_its_limit(services: Services, ports: FakePorts) -> None:
    """One step more than limits.steps of algorithm.json is an endless loop."""
    most = ports.catalogue.submission_rules("bell").most_steps

    def again(_: Inputs, __: JSONObject, ___: Sequence[Counts]) -> Plan | Finish:
        return Plan((BELL,), {})

    ports.algorithms.then = again
    job = await accepted(services)
    message = job.message()
    while not (await stored(ports, job)).final:
        await services.dispatch(message)
        if ports.queue.sent:
            message, _ = ports.queue.sent.pop()

    final = await stored(ports, job)
    assert final.error is not None
    assert f"within {most} steps" in final.error.detail
    assert len(ports.provider.submitted) == most


async def test_an_algorithm_knows_its_target(services: Services, ports: FakePorts) -> None:
    """Every step gets the facts of the target that will run it."""
    given: list[Inputs] = []

    def then(inputs: Inputs, _: JSONObject, __: Sequence[Counts]) -> Plan | Finish:
        given.append(inputs)
        return Finish({})

    ports.algorithms.then = then
    job = await accepted(services)

    await services.dispatch(job.message())

    assert [inputs.target for inputs in given] == [SIMULATOR.facts]
    assert ports.algorithms.given[-1].target == SIMULATOR.facts


async def test_circuits_and_target_agree_in_the_end(services: Services, ports: FakePorts) -> None:
    """Circuits that the first choice is too small for are made again for the next one."""
    small = replace(SIMULATOR, id="local.sim.small", queue_seconds=0, qubits=5)
    facts = replace(SIMULATOR.facts, qubits=28) if SIMULATOR.facts else None
    large = replace(SIMULATOR, id="local.sim.large", queue_seconds=60, facts=facts)
    ports.provider.available = [small, large]
    ports.algorithms.first = Plan((LARGE,), {})
    job = await accepted(services)

    await services.dispatch(job.message())

    [submitted] = ports.provider.submitted.values()
    assert submitted.target == "local.sim.large"
    assert [one.target for one in ports.algorithms.given] == [SIMULATOR.facts, facts]


async def test_a_target_that_was_too_small_is_not_tried_again(
    services: Services, ports: FakePorts
) -> None:
    """Also if the circuits that are made for the next one would fit there."""
    facts = SIMULATOR.facts
    assert facts is not None
    ports.provider.available = [
        replace(SIMULATOR, id="local.sim.one", qubits=10, facts=replace(facts, qubits=10)),
        replace(SIMULATOR, id="local.sim.two", qubits=20, facts=replace(facts, qubits=20)),
    ]
    given: list[int] = []

    async def start(_: str, inputs: Inputs) -> Plan | Finish:
        assert inputs.target is not None
        given.append(inputs.target.qubits)
        return Plan((replace(BELL, qubits=30 - inputs.target.qubits),), {})

    ports.algorithms.start = start  # type: ignore[assignment,method-assign]
    job = await accepted(services)
    await services.dispatch(job.message())

    final = await stored(ports, job)
    assert given == [10, 20]
    assert final.status is Status.SUCCEEDED
    assert final.target is not None
    assert final.target.id == "local.sim.two"


async def test_a_choice_by_cost_comes_to_an_end(services: Services, ports: FakePorts) -> None:
    """Of two devices with equal queues the other one is cheaper for what is made for either."""
    ports.provider.available = [known("ionq.qpu.aria-1"), known("ionq.qpu.forte-1")]
    turns = replace(BELL, gates={"h": 5000})
    """Gates on one qubit are cheaper at forte, small programs at aria."""
    given: list[int] = []

    async def start(_: str, inputs: Inputs) -> Plan | Finish:
        assert inputs.target is not None
        given.append(inputs.target.qubits)
        aria = inputs.target.qubits == 25
        return Plan((turns,), {}, (10_000,)) if aria else Plan((BELL,), {}, (1,))

    ports.algorithms.start = start  # type: ignore[assignment,method-assign]
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    assert given == [25, 36]
    assert [one.target for one in ports.provider.submitted.values()] == ["ionq.qpu.forte-1"]


@pytest.mark.parametrize(
    ("attributes", "target"),
    [
        ('"qir_profiles"="base_profile"', "rigetti.qpu.cepheus-1-108q"),
        ('"qir_profiles"="adaptive_profile"', "quantinuum.qpu.h2-1"),
        ('"qir_profiles"="adaptive_profile" !"float_computations"', "quantinuum.qpu.helios-1"),
    ],
)
async def test_a_finished_program_runs_where_its_profile_does(
    services: Services, ports: FakePorts, attributes: str, target: str
) -> None:
    """What depends on its measurements is no program for a target of the Base profile."""
    names = ("rigetti.qpu.cepheus-1-108q", "quantinuum.qpu.h2-1", "quantinuum.qpu.helios-1")
    ports.provider.available = [known(name, queue=place) for place, name in enumerate(names)]
    ports.algorithms.first = Plan((Program("qir.v1", attributes, 2),), {})
    job = await accepted(services, target={"mode": "Hardware"})

    await services.dispatch(job.message())

    assert [one.target for one in ports.provider.submitted.values()] == [target]


async def test_a_finished_program_needs_a_target_that_takes_its_format(
    services: Services, ports: FakePorts
) -> None:
    """It is sent as it is; a target that does not take it is refused with the format's name."""
    quil = Program("rigetti.quil.v1", "H 0", 1)
    ports.algorithms.first = Plan((quil,), {})
    job = await accepted(services)

    await services.dispatch(job.message())

    final = await stored(ports, job)
    assert final.error is not None
    assert final.error.code == "no-suitable-target"
    assert ports.provider.submitted == {}
