from __future__ import annotations

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import aer
from azure_quantum_emulator.execution.lowering import lower

UNITARY = {
    name: gate
    for name, gate in get_standard_gate_name_mapping().items()
    if isinstance(gate, Gate) and gate.num_qubits
}


@pytest.mark.parametrize("name", UNITARY)
def test_every_gate_of_qiskit_runs_as_what_it_is(name: str) -> None:
    """Lowered gates are the same unitaries, and Aer takes them."""
    gate = UNITARY[name].base_class(*(0.1 * n + 0.3 for n in range(len(UNITARY[name].params))))
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, range(gate.num_qubits))
    lowered = lower(circuit)
    assert Operator(lowered).equiv(Operator(circuit))
    lowered.measure_all()
    assert len(aer.sample(lowered, 3, 1)) == 3


def test_what_aer_knows_is_left_alone() -> None:
    """A circuit with nothing to replace is not copied."""
    circuit = QuantumCircuit(2, 1)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    assert lower(circuit) is circuit


def test_a_gate_may_share_its_name_with_another() -> None:
    """A gate of a program's own is what its definition says, whatever it is called."""
    definition = QuantumCircuit(1)
    definition.x(0)
    own = Gate("h", 1, [])
    own.definition = definition
    circuit = QuantumCircuit(1)
    circuit.append(own, [0])
    assert [i.operation.name for i in lower(circuit).data] == ["x"]


def test_branches_are_lowered_inside() -> None:
    """Gates that Aer does not know are replaced in branches as well."""
    circuit = QuantumCircuit(2, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.iswap(0, 1)
    circuit.measure(1, 0)
    assert aer.sample(lower(circuit), 5, 1) == [1] * 5


def test_a_gate_without_a_definition_is_refused() -> None:
    """A gate that is only declared cannot run."""
    circuit = QuantumCircuit(1)
    circuit.append(Gate("mystery", 1, []), [0])
    with pytest.raises(ProgramError, match="mystery is not defined"):
        lower(circuit)
