from __future__ import annotations

import pytest
from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import aer, methods, noise
from azure_quantum_emulator.execution.methods import choose
from azure_quantum_emulator.execution.native import translate
from emulator_support.same_distribution import p_value

LARGE = methods.STATEVECTOR + 10


def chain(qubits: int, layers: int = 1) -> QuantumCircuit:
    """Return layers of entangling gates between neighbours, and of rotations."""
    circuit = QuantumCircuit(qubits)
    for layer in range(layers):
        for qubit in range(qubits):
            circuit.rx(0.3 + 0.1 * layer, qubit)
        for qubit in range(qubits - 1):
            circuit.cx(qubit, qubit + 1)
    circuit.measure_all()
    return circuit


def graph_state(qubits: int) -> QuantumCircuit:
    """Return a circuit of Clifford gates that joins every qubit to the first one."""
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    for qubit in range(1, qubits):
        circuit.cz(0, qubit)
    circuit.measure_all()
    return circuit


def joined() -> QuantumCircuit:
    """Return a circuit in which many gates reach from one half of the qubits to the other."""
    circuit = graph_state(LARGE)
    circuit.t(0)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "noisy", "method"),
    [
        (chain(5), False, "statevector"),
        (chain(5), True, "density_matrix"),
        (chain(methods.STATEVECTOR), False, "statevector"),
        (chain(methods.STATEVECTOR), True, "matrix_product_state"),
        (chain(12, 8), True, "statevector"),
        (graph_state(methods.SMALL_STATEVECTOR), False, "statevector"),
        (graph_state(methods.SMALL_STATEVECTOR + 1), False, "stabilizer"),
        (graph_state(LARGE), False, "stabilizer"),
        (chain(LARGE, methods.ENTANGLEMENT), True, "matrix_product_state"),
    ],
)
def test_the_method_suits_the_circuit(circuit: QuantumCircuit, noisy: bool, method: str) -> None:
    """Small circuits have a state vector, others what takes less time or memory."""
    assert choose(circuit, noisy=noisy) == method


@pytest.mark.parametrize("circuit", [joined(), chain(LARGE, methods.ENTANGLEMENT + 1)])
def test_what_is_too_large_is_refused(circuit: QuantumCircuit) -> None:
    """A circuit that no method can run exactly fails, before it fills the memory."""
    with pytest.raises(ProgramError, match="uses 36 qubits") as caught:
        choose(circuit, noisy=False)
    assert caught.value.code == "SimulationFailed"


def test_a_matrix_product_state_is_exact() -> None:
    """It gives what a state vector gives, at the largest entanglement that is let through."""
    circuit = chain(10, methods.ENTANGLEMENT)
    one = aer.sample(circuit, 2000, 1, method="matrix_product_state")
    assert p_value(one, aer.sample(circuit, 2000, 2, method="statevector")) > 1e-4


def test_a_density_matrix_has_the_noise_of_single_shots() -> None:
    """Noise computed at once and noise drawn shot by shot are the same distribution."""
    circuit, model = translate("aria-1", chain(4, 3)), noise.model("aria-1")
    one = aer.sample(circuit, 5000, 1, noise=model)
    assert p_value(one, aer.sample(circuit, 5000, 2, noise=model, method="statevector")) > 1e-4
