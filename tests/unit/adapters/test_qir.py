"""QIR written directly is what the QDK compiler writes."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from qdk import TargetProfile
from qdk.qiskit import QSharpBackend
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from qjobs.adapters.qir import BASIS, straight_line
from qjobs.adapters.qiskit_algorithms import lower

_DOUBLE = re.compile(r"double (\S+),")


def compiled(circuit: QuantumCircuit) -> str:
    """Return what the compiler writes."""
    backend = QSharpBackend(
        qiskit_pass_options={"supports_barrier": False},
        target_profile=TargetProfile.Base,
        skip_transpilation=True,
    )
    return str(backend.qir(circuit))


def parts(qir: str) -> tuple[list[str], list[float], set[str]]:
    """Return the lines of a module with angles taken out, the angles, and the declarations."""
    lines = [line for line in qir.splitlines() if line and not line.startswith("declare")]
    angles = [float(text) % (2 * np.pi) for line in lines for text in _DOUBLE.findall(line)]
    declared = {line for line in qir.splitlines() if line.startswith("declare")}
    return [_DOUBLE.sub("double _,", line) for line in lines], angles, declared


def ghz() -> QuantumCircuit:
    """Return five entangled qubits."""
    circuit = QuantumCircuit(5, 5)
    circuit.h(0)
    for qubit in range(4):
        circuit.cx(qubit, qubit + 1)
    circuit.measure(range(5), range(5))
    return circuit


def every_gate() -> QuantumCircuit:
    """Return a circuit with every gate of the basis, measured in another order."""
    circuit = QuantumCircuit(3, 3)
    arity = {"cx": 2, "cy": 2, "cz": 2, "swap": 2, "ccx": 3, "rxx": 2, "ryy": 2, "rzz": 2}
    for number, name in enumerate(BASIS):
        angles = [-7.5 + number] if name.startswith("r") else []
        getattr(circuit, name)(*angles, *range(arity.get(name, 1)))
    circuit.measure([0, 1, 2], [2, 0, 1])
    return circuit


def registers() -> QuantumCircuit:
    """Return a circuit with several registers and a barrier."""
    qubits, one, two = QuantumRegister(3), ClassicalRegister(2, "one"), ClassicalRegister(1, "two")
    circuit = QuantumCircuit(qubits, one, two)
    circuit.h(qubits)
    circuit.barrier()
    circuit.measure(qubits, [*two, *one])
    return circuit


def small_angles() -> QuantumCircuit:
    """Return a circuit with angles at the ends of what a double can say."""
    circuit = QuantumCircuit(1, 1)
    for angle in (1e-300, 1e-9, 3, 6.25, -0.1):
        circuit.rz(angle, 0)
    circuit.measure(0, 0)
    return circuit


@pytest.mark.parametrize("make", [ghz, every_gate, registers, small_angles])
def test_a_simple_circuit_is_written_as_the_compiler_writes_it(
    make: Callable[[], QuantumCircuit],
) -> None:
    """Both texts agree line by line; angles agree to the precision of the compiler's own sums."""
    written = straight_line(make())
    assert written is not None

    lines, angles, declared = parts(written)
    expected_lines, expected_angles, expected_declared = parts(compiled(make()))

    assert lines == expected_lines
    assert declared == expected_declared
    turned = np.abs(np.subtract(angles, expected_angles))
    assert np.all(np.minimum(turned, 2 * np.pi - turned) < 1e-9)


def mid_circuit() -> QuantumCircuit:
    """Return a circuit that goes on after a measurement."""
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    circuit.h(0)
    return circuit


def measured_twice() -> QuantumCircuit:
    """Return a circuit that writes a bit twice."""
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    circuit.measure(1, 0)
    return circuit


def reset() -> QuantumCircuit:
    """Return a circuit that resets a qubit."""
    circuit = QuantumCircuit(1, 1)
    circuit.reset(0)
    circuit.measure(0, 0)
    return circuit


def unwritten() -> QuantumCircuit:
    """Return a circuit that leaves a bit unwritten."""
    circuit = QuantumCircuit(1, 2)
    circuit.measure(0, 0)
    return circuit


@pytest.mark.parametrize("make", [mid_circuit, measured_twice, reset, unwritten])
def test_another_circuit_is_left_to_the_compiler(make: Callable[[], QuantumCircuit]) -> None:
    """What is not a sequence of gates with measurements at its end is not written here."""
    assert straight_line(make()) is None


def test_gates_outside_the_basis_are_translated() -> None:
    """An algorithm may use any gate of Qiskit's library."""
    circuit = QuantumCircuit(3, 3)
    circuit.u(0.1, 0.2, 0.3, 0)
    circuit.ccz(0, 1, 2)
    circuit.cp(0.4, 0, 1)
    circuit.measure(range(3), range(3))

    program = lower(circuit)

    assert (program.format, program.qubits) == ("qir.v1", 3)
    assert set(program.gates) <= {*BASIS, "measure"}


def test_a_circuit_with_a_reset_is_compiled() -> None:
    """A circuit that is not simple goes to the compiler and comes back as QIR."""
    assert "ENTRYPOINT__main" in lower(reset()).text
