from __future__ import annotations

import pytest

from functions.estimate_document import estimate_document
from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Finish, JSONObject, Program, Progress
from qjobs.domain.errors import InputRejectedError, InvalidInputError, UnknownAlgorithmError
from qjobs.domain.estimate import EstimatedCost, Quantity
from qjobs.domain.plan import Plan
from qjobs.domain.target_facts import Kind
from qjobs.ports import JobFilter
from tests.algorithm_folder import describe_algorithm
from tests.fakes import BELL, FakePorts, target
from tests.openapi import check_schema
from tests.unit.services.conftest import SCHEMA

WORKSPACE = [
    "local.sim.aer",
    "ionq.simulator",
    "ionq.qpu.aria-1",
    "quantinuum.qpu.h2-1",
    "rigetti.qpu.cepheus-1-108q",
    "pasqal.qpu.fresnel",
    "new.qpu.x",
]
LARGE = Program("qir.v1", "", 27, 9, {"ccx": 2, "cx": 3, "h": 5, "measure": 27})


@pytest.fixture
def ports(ports: FakePorts) -> FakePorts:
    """Return fakes with a workspace of many kinds of target."""
    describe_algorithm(ports.catalogue.folder / "bell", input_schema=SCHEMA, steps=1)
    ports.provider.available = [target(name, queue=9) for name in WORKSPACE]
    return ports


async def estimated(services: Services, algorithm: str = "bell", **members: object) -> JSONObject:
    """Return the document of an estimate, which is as the contract says."""
    body = {"input": {}, **members}
    document = estimate_document(await services.estimate("owner", algorithm, body))
    check_schema("Estimate", document)
    return document


async def test_an_estimate_has_the_resources_of_all_circuits(
    services: Services, ports: FakePorts
) -> None:
    """Sizes are those of the largest circuit, gates those of all; nothing is submitted."""
    ports.algorithms.first = Plan((BELL, LARGE, BELL), {})

    document = await estimated(services, shots=100)

    assert document["resources"] == {
        "qubits": 27,
        "depth": 9,
        "gates": {"h": 7, "cx": 5, "ccx": 2, "measure": 27},
        "twoQubitGates": 17,
    }
    assert document["circuits"] == {"planned": 3, "atMost": 3}
    assert document["totalShots"] == {"planned": 300, "atMost": 300}
    assert ports.provider.submitted == {}
    assert (await services.list_jobs("owner", JobFilter(), 10, None)).jobs == []


async def test_every_target_says_whether_it_fits(services: Services, ports: FakePorts) -> None:
    """With the reason if not; the job would run at one of those that fit."""
    ports.algorithms.first = Plan((LARGE,), {})

    document = await estimated(services, target={"mode": "Hardware"})

    fits = {one["target"]["id"]: one["misfit"] for one in document["targets"]}
    assert [*fits] == WORKSPACE
    assert {name for name, misfit in fits.items() if misfit is not None} == {
        "ionq.qpu.aria-1",
        "pasqal.qpu.fresnel",
    }
    assert "has 25 qubits; the job needs 27" in fits["ionq.qpu.aria-1"]
    assert document["target"]["id"] == "quantinuum.qpu.h2-1"


async def test_cost_is_told_where_a_formula_says_it(services: Services) -> None:
    """Where the bill depends on time, on another program or on nothing known, there is none."""
    document = await estimated(services, shots=100)

    costs = {one["target"]["id"]: one["cost"] for one in document["targets"]}
    free = {"currency": "USD", "planned": 0.0, "atMost": 0.0, "exact": True}
    assert costs["local.sim.aer"] == costs["ionq.simulator"] == free
    assert costs["ionq.qpu.aria-1"] == free | {"planned": 97.5, "atMost": 97.5}
    about = costs["quantinuum.qpu.h2-1"]
    assert not about["exact"]
    assert 62.5 < about["planned"] < about["atMost"]
    unknown = ("rigetti.qpu.cepheus-1-108q", "pasqal.qpu.fresnel", "new.qpu.x")
    assert [costs[name] for name in unknown] == [None] * 3


async def test_every_target_is_priced_with_the_circuits_made_for_its_kind(
    services: Services, ports: FakePorts
) -> None:
    """Whatever was asked for: what runs without noise may be too much for a device."""
    many = Program("qir.v1", "", 2, 400, {"cx": 400, "measure": 2})
    ports.algorithms.of_kind = {
        Kind.SIMULATOR: Plan((many,), {}),
        Kind.HARDWARE: Plan((BELL,), {}),
    }

    documents = [
        await estimated(services, shots=100, target={"mode": mode})
        for mode in ("Simulator", "Hardware")
    ]

    assert [one["resources"]["twoQubitGates"] for one in documents] == [400, 1]
    costs = [[one["cost"] for one in document["targets"]] for document in documents]
    assert costs[0] == costs[1]
    assert costs[0][2]["planned"] == 97.5


async def test_circuits_are_made_once_for_each_kind(services: Services, ports: FakePorts) -> None:
    """A workspace has many targets of a kind; those that cannot run any circuit need none."""
    await estimated(services, target={"mode": "Simulator"})

    made = [inputs.target and inputs.target.kind for inputs in ports.algorithms.given]
    assert sorted(made, key=str) == [Kind.HARDWARE, None, Kind.SIMULATOR]


async def test_a_kind_for_which_the_input_is_refused_is_a_misfit(
    services: Services, ports: FakePorts
) -> None:
    """The job can run elsewhere, so its estimate is no error."""
    ports.algorithms.of_kind = {Kind.HARDWARE: InputRejectedError("35 takes 2,000 gates.")}

    document = await estimated(services, target={"mode": "Simulator"})

    fits = {one["target"]["id"]: one["misfit"] for one in document["targets"]}
    assert fits["local.sim.aer"] is None
    assert fits["ionq.qpu.aria-1"] == "35 takes 2,000 gates."


async def test_without_error_mitigation_a_small_job_is_cheaper(services: Services) -> None:
    """The options of the submission count."""
    options = {"error-mitigation": {"debias": False}}

    document = await estimated(services, options=options, target={"id": "ionq.qpu.aria-1"})

    assert document["targets"][2]["cost"]["planned"] == 12.4166


async def test_a_loop_costs_as_much_as_its_most_steps(services: Services, ports: FakePorts) -> None:
    """Its bill may be smaller, so its cost is not exact."""
    describe_algorithm(ports.catalogue.folder / "loop", limits={"qubits": 2, "steps": 7})

    estimate = await services.estimate("owner", "loop", {"input": {}, "shots": 10})

    assert estimate.workload.steps == Quantity(7, 7)
    assert estimate.workload.circuits == Quantity(7, 7)
    assert estimate.workload.total_shots == Quantity(70, 70)
    assert estimate.targets[2].cost == EstimatedCost("USD", 7 * 97.5, 7 * 97.5, exact=False)


async def test_an_algorithm_may_know_that_fewer_steps_are_the_most(
    services: Services, ports: FakePorts
) -> None:
    """What it says of an input counts instead of its limit."""
    describe_algorithm(ports.catalogue.folder / "loop", limits={"qubits": 2, "steps": 7})
    ports.algorithms.first = Plan((BELL,), {}, progress=Progress(2, most=2))

    estimate = await services.estimate("owner", "loop", {"input": {}, "shots": 10})

    assert estimate.workload.steps == Quantity(2, 2)
    assert estimate.targets[2].cost == EstimatedCost("USD", 2 * 97.5, 2 * 97.5, exact=False)


async def test_a_job_that_needs_no_circuit_costs_nothing(
    services: Services, ports: FakePorts
) -> None:
    """An algorithm may know the answer at once."""
    ports.algorithms.first = Finish({})

    document = await estimated(services)

    assert document["resources"] == {"qubits": 0, "depth": 0, "gates": {}, "twoQubitGates": 0}
    assert document["steps"] == document["circuits"] == {"planned": 0, "atMost": 0}
    assert document["targets"][2]["cost"]["planned"] == 0.0


async def test_a_target_that_is_too_small_is_a_refusal_and_no_error(
    services: Services, ports: FakePorts
) -> None:
    """The others are told all the same: that is what an estimate is for."""
    ports.algorithms.first = Plan((LARGE,), {})

    document = await estimated(services, target={"id": "ionq.qpu.aria-1"})

    assert document["target"]["provider"] is None
    assert document["refusal"] == "ionq.qpu.aria-1 has 25 qubits; the job needs 27."


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"shots": 0}, "/shots"),
        ({"input": {"pairs": 9}}, "/input/pairs"),
        ({"target": {"id": "no.such"}}, "/target/id"),
        ({"more": 1}, "/more"),
    ],
)
async def test_a_body_is_checked_as_that_of_a_submission(
    services: Services, members: JSONObject, pointer: str
) -> None:
    """What submit refuses, the estimate refuses in the same words."""
    body = {"input": {}, **members}
    with pytest.raises(InvalidInputError) as estimated:
        await services.estimate("owner", "bell", body)
    with pytest.raises(InvalidInputError) as submitted:
        await services.submit("owner", "bell", body, None)

    assert estimated.value.violations == submitted.value.violations
    assert [one.pointer for one in estimated.value.violations] == [pointer]


async def test_an_input_that_cannot_be_computed_is_refused(
    services: Services, ports: FakePorts
) -> None:
    """By the algorithm's own words, as the job would be."""
    ports.algorithms.first = InputRejectedError("There is no such number.")

    with pytest.raises(InputRejectedError, match="no such number"):
        await services.estimate("owner", "bell", {"input": {}})
    with pytest.raises(UnknownAlgorithmError):
        await services.estimate("owner", "nonesuch", {"input": {}})
