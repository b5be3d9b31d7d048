from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from qiskit import QuantumCircuit

from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.targets.pricing import cost_estimate
from qjobs.adapters.qir import BASIS
from qjobs.adapters.qiskit_algorithms import lower
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Program
from qjobs.domain.price import Cost, cost_of, portions

PRICED = [
    name
    for name, facts in target_facts().items()
    if "qir.v1" in facts.formats and facts.price and cost_of(facts, []) is not None
]
SIZES = dict.fromkeys(("cx", "cy", "cz", "swap", "rxx", "ryy", "rzz"), 2) | {"ccx": 3}


def random_program(random: Random) -> Program:
    """Return a program of up to five qubits, with barriers, some of its qubits measured."""
    qubits = random.randint(1, 5)
    measured = random.sample(range(qubits), random.randint(1, qubits))
    circuit = QuantumCircuit(qubits, len(measured))
    for _ in range(random.randint(0, 25)):
        name = random.choice([*BASIS, "barrier"])
        on = random.sample(range(qubits), min(qubits, SIZES.get(name, 1)))
        if len(on) == SIZES.get(name, 1):
            angles = [random.uniform(-4, 4)] if name.startswith("r") else []
            getattr(circuit, name)(*angles, *on)
    circuit.measure(measured, range(len(measured)))
    return lower(circuit)


def billed(name: str, program: Program, shots: int, *, mitigated: bool = True) -> float:
    """Return what the emulator bills for a program."""
    text, output = program.text.encode(), "microsoft.quantum-results.v2"
    done = execute(Task(name, text, "qir.v1", {"shots": 1}, output))
    assert isinstance(done, Completed)
    usage = replace(done.usage, shots=shots)
    bill = cost_estimate(all_targets()[name], usage, seconds=0.5, mitigated=mitigated)
    return float(bill["estimatedTotal"])


def cost(name: str, program: Program, shots: int, *, mitigated: bool = True) -> Cost:
    """Return what a program is said to cost."""
    found = cost_of(target_facts()[name], [(program, shots)], mitigated=mitigated)
    assert found is not None
    return found


@pytest.mark.parametrize("mitigated", [True, False])
@pytest.mark.parametrize("name", PRICED)
def test_a_bill_is_what_was_said_before(name: str, mitigated: bool) -> None:
    """For random programs the emulator bills the expected cost, or up to what it is at most."""
    random = Random(name)
    for _ in range(12):
        program, shots = random_program(random), random.choice([1, 100, 1000, 10_000])
        said = cost(name, program, shots, mitigated=mitigated)
        bill = billed(name, program, shots, mitigated=mitigated)

        if said.exact:
            assert said.expected == pytest.approx(bill, abs=1e-3), program.gates
        else:
            assert bill <= said.at_most + 1e-3, program.gates
            assert bill == pytest.approx(said.expected, rel=1), program.gates


def test_priced_targets_are_those_with_a_formula() -> None:
    """A cost that depends on time is not known before; every other one is."""
    unpriced = {name for name, one in target_facts().items() if "qir.v1" in one.formats}

    assert unpriced - set(PRICED) == {"rigetti.qpu.cepheus-1-108q"}
    assert {name for name in PRICED if not cost(name, PROGRAM, 1000).exact} == {
        name for name in PRICED if name.startswith("quantinuum.qpu.")
    }


PROGRAM = Program("qir.v1", "", qubits=2, depth=3, gates={"h": 1, "cx": 1, "measure": 2})


@pytest.mark.parametrize(
    ("name", "shots", "mitigated", "expected"),
    [
        ("ionq.qpu.aria-1", 1000, True, 97.5),
        ("ionq.qpu.aria-1", 1000, False, 12.4166),
        ("ionq.qpu.aria-1", 10_000, False, 12.4166),
        ("ionq.qpu.forte-1", 1, True, 168.195),
        ("ionq.simulator", 1000, True, 0.0),
        ("quantinuum.sim.h2-1e", 1000, True, 0.0),
        # 5 + 1000 (1 + 1 + 2 + 10 + 5 (2 + 4)) / 5000 credits of 12.5 USD
        ("quantinuum.qpu.h2-1", 1000, True, 12.5 * 13.8),
    ],
)
def test_published_formulas(name: str, shots: int, mitigated: bool, expected: float) -> None:
    """A Bell pair costs what the provider's formula gives by hand."""
    assert cost(name, PROGRAM, shots, mitigated=mitigated).expected == pytest.approx(expected)


def test_a_large_program_costs_more_than_the_minimum() -> None:
    """Gates and shots count from where they exceed the minimum; three qubits count six gates."""
    program = Program("qir.v1", "", 3, 9, {"ccx": 100, "cx": 400, "rz": 1000, "measure": 3})

    said = cost("ionq.qpu.aria-1", program, 1000)

    assert said == Cost(1195.0, 1195.0, "USD")


def test_every_portion_has_its_own_minimum() -> None:
    """More shots than a target runs at once cost several jobs."""
    assert cost("ionq.qpu.aria-1", PROGRAM, 25_000).expected == 3 * 97.5


@pytest.mark.parametrize(
    ("shots", "largest", "expected"),
    [
        (1, 10, (1,)),
        (10, 10, (10,)),
        (11, 10, (6, 5)),
        (25, 10, (9, 8, 8)),
        (30, 10, (10, 10, 10)),
    ],
)
def test_shots_are_split_evenly(shots: int, largest: int, expected: tuple[int, ...]) -> None:
    """As few jobs as can be, as equal as can be, with all shots."""
    assert portions(shots, largest) == expected
