from __future__ import annotations

import random

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, qasm2
from qiskit.circuit.random import random_circuit
from qiskit.quantum_info import Operator
from qiskit_aer import AerSimulator

from azure_quantum_emulator.execution.native import operations, translate
from azure_quantum_emulator.programs.program import GateCounts
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.targets.devices import all_devices
from emulator_support.recordings import scenarios

DEVICES = all_devices()
FULLY_CONNECTED = [
    name for name, device in DEVICES.items() if device.connectivity.square_lattice is None
]
LATTICE = "cepheus-1-108q"
QIR, QASM = "qir.v1", "honeywell.openqasm.v1"


def outcome(circuit: QuantumCircuit) -> str:
    """Return the bits of a circuit that always gives the same."""
    result = AerSimulator().run(circuit, shots=20, seed_simulator=1).result()
    (bits,) = result.get_counts()
    return str(bits)


def permutation(seed: int) -> QuantumCircuit:
    """Return a circuit that takes basis states to basis states, and measures."""
    choose = random.Random(seed)
    circuit = QuantumCircuit(6, 6)
    circuit.x([0, 2, 5])
    for _ in range(15):
        a, b, c = choose.sample(range(6), 3)
        choose.choice([circuit.swap, circuit.cx])(a, b)
        circuit.ccx(a, b, c)
    circuit.measure(range(6), choose.sample(range(6), 6))
    return circuit


def ghz() -> QuantumCircuit:
    """Return the circuit that is recorded most often."""
    circuit = QuantumCircuit(4, 3)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.cx(1, 2)
    circuit.h(3)
    circuit.measure(range(3), range(3))
    return circuit


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("device", FULLY_CONNECTED)
def test_a_translation_does_the_same(device: str, seed: int) -> None:
    """Native gates have the unitary of the circuit, up to a global phase."""
    circuit = random_circuit(4, 5, max_operands=3, seed=seed)
    circuit.h(range(4))  # no qubit may be left out, or the unitary would have another size
    assert Operator(translate(device, circuit)).equiv(Operator(circuit))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("device", DEVICES)
def test_qubits_that_are_moved_are_measured_into_their_own_bits(device: str, seed: int) -> None:
    """Whatever a device does to bring qubits together, each outcome is in its place."""
    circuit = permutation(seed)
    assert outcome(translate(device, circuit)) == outcome(circuit)


@pytest.mark.parametrize("device", DEVICES)
def test_only_native_gates_are_left(device: str) -> None:
    """A translated circuit has no other gates, in branches neither."""
    circuit = random_circuit(4, 5, seed=3)
    circuit.add_register(ClassicalRegister(2, "c"))
    circuit.reset(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.ccx(0, 1, 2)
    native = translate(device, circuit)
    (branch,) = [one.operation for one in native.data if one.operation.name == "if_else"]
    used = set(native.count_ops()) | set(branch.blocks[0].count_ops())
    assert used <= {*DEVICES[device].native_gates, "measure", "reset", "if_else"}


def test_a_lattice_takes_more_gates_for_the_same() -> None:
    """Qubits that are no neighbours are brought together by swaps."""
    star = QuantumCircuit(7)
    for leaf in range(1, 7):
        star.cz(0, leaf)
    assert translate("generic", star).num_nonlocal_gates() == 6
    assert translate(LATTICE, star).num_nonlocal_gates() > 6


def test_a_translation_is_the_same_each_time() -> None:
    """Qubits are placed in the same way for the same circuit."""
    circuit = random_circuit(6, 8, seed=5)
    assert translate(LATTICE, circuit) == translate(LATTICE, circuit)


@pytest.mark.parametrize("device", DEVICES)
def test_qubits_that_nothing_happens_to_are_left_out(device: str) -> None:
    """Three used qubits of fifty cost the simulator three."""
    circuit = QuantumCircuit(50, 2)
    circuit.h(7)
    circuit.cx(7, 20)
    circuit.x(49)
    circuit.barrier()
    circuit.measure([7, 49], [0, 1])
    assert translate(device, circuit).num_qubits == 3


@pytest.mark.parametrize("device", DEVICES)
def test_classical_registers_are_kept(device: str) -> None:
    """Registers keep their names, sizes and order, written to or not."""
    registers = [ClassicalRegister(2, "first"), ClassicalRegister(1, "q"), ClassicalRegister(3)]
    circuit = QuantumCircuit(QuantumRegister(5, "q0"), *registers)
    circuit.x(3)
    circuit.measure(3, registers[2][1])
    native = translate(device, circuit)
    assert native.cregs == registers
    assert outcome(native) == "010 0 00"


@pytest.mark.parametrize("device", DEVICES)
def test_branches_on_measurements_in_the_middle_work(device: str) -> None:
    """A gate that depends on an earlier outcome is carried out in time."""
    circuit = QuantumCircuit(9, 2)
    circuit.x(8)
    circuit.measure(8, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(2)
    with otherwise:
        circuit.x(8)
    circuit.reset(8)
    circuit.measure(8, 0)
    circuit.measure(2, 1)
    assert outcome(translate(device, circuit)) == "10"


def test_a_circuit_of_nothing_keeps_a_qubit() -> None:
    """Simulators need one."""
    assert translate("h2-1", QuantumCircuit(3, 1)).num_qubits == 1


def test_openqasm_is_billed_by_native_gates() -> None:
    """Two pulses for each of two entanglers and one for each H: 6, 2, and 4 + 3 for the qubits."""
    emulator = all_targets()["quantinuum.sim.h2-1e"]
    assert operations(emulator, ghz(), QASM) == GateCounts(6, 2, 7)


def test_qir_is_billed_with_one_more_gate_and_reset_for_each_qubit() -> None:
    """The same circuit costs more as QIR."""
    emulator = all_targets()["quantinuum.sim.h2-1e"]
    assert operations(emulator, ghz(), QIR) == GateCounts(10, 2, 11)


@pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")
def test_the_recorded_program_is_billed_as_that_circuit() -> None:
    """The OpenQASM that was sent to H2-1E is the circuit of these tests."""
    steps = scenarios()["test_plugins_submit_qiskit_circuit_as_list_to_quantinuum_passthrough"]
    (source,) = {str(one.body) for one in steps if "OPENQASM" in str(one.body)}
    emulator = all_targets()["quantinuum.sim.h2-1e"]
    expected = operations(emulator, ghz(), QASM)
    assert operations(emulator, qasm2.loads(source), QASM) == expected


def test_ionq_bills_gates_as_they_were_submitted() -> None:
    """The H and rz count, the idle qubit's barrier does not, and a Toffoli is six entanglers."""
    circuit = QuantumCircuit(4, 1)
    circuit.h(0)
    circuit.rz(0.1, 0)
    circuit.cx(0, 1)
    circuit.barrier()
    circuit.ccx(0, 1, 2)
    circuit.measure(0, 0)
    billed = operations(all_targets()["ionq.qpu.forte-1"], circuit, QIR)
    assert (billed.one_qubit, billed.two_qubit) == (2, 1 + 6)


def test_gates_in_branches_are_billed() -> None:
    """It does not matter whether a branch is taken."""
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.rx(0.4, 1)
    circuit.reset(1)
    emulator = all_targets()["quantinuum.sim.h2-1e"]
    assert operations(emulator, circuit, QASM) == GateCounts(1, 0, 2 + 2)
