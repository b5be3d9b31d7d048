from __future__ import annotations

import math

import pyqir
import pytest
from qdk import TargetProfile
from qdk.qiskit import QSharpBackend
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir
from azure_quantum_emulator.programs.program import CircuitProgram
from azure_quantum_emulator.programs.qir_gates import GATES
from azure_quantum_emulator.programs.records import TupleRecord
from emulator_support import qir_text as text

ANGLE = 0.7


def reference(name: str) -> Operator:
    """Return what Qiskit says the QIR function *name* does."""
    base, _, variant = name.partition("__")
    gate = get_standard_gate_name_mapping()["cx" if base == "cnot" else base]
    bound = gate.base_class(*[ANGLE] * len(gate.params))
    return Operator(bound.inverse() if variant == "adj" else bound)


@pytest.mark.parametrize("name", GATES)
def test_every_gate_function_does_what_its_name_says(name: str) -> None:
    """A gate function acts as the Qiskit gate of its name, `__adj` as its inverse."""
    gate = GATES[name]
    args = ["double 0.7"] * gate.parameters + [text.qubit(q) for q in range(gate.qubits)]
    source = text.module([text.call(name, *args), *text.register()], qubits=gate.qubits, results=0)
    assert Operator(straight(source).circuit) == reference(name)


def test_what_the_compiler_makes_of_a_circuit_is_that_circuit() -> None:
    """A circuit lowered as the SDK lowers it and read back is the same unitary."""
    circuit = QuantumCircuit(4)
    for gate in ("h", "x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg"):
        getattr(circuit, gate)(0)
    for angle, gate in enumerate(("rx", "ry", "rz", "p"), start=1):
        getattr(circuit, gate)(angle / 3, 1)
    circuit.u(0.1, 0.2, 0.3, 2)
    for gate in ("cx", "cy", "cz", "swap", "iswap", "ch"):
        circuit.h([0, 1, 2, 3])
        getattr(circuit, gate)(0, 3)
    for gate in ("rxx", "ryy", "rzz", "cp"):
        getattr(circuit, gate)(math.pi / 5, 2, 1)
    circuit.ccx(3, 0, 1)
    circuit.cswap(1, 2, 3)
    measured = circuit.measure_all(inplace=False)
    read = straight(compiled(measured)).circuit
    read.remove_final_measurements()
    assert Operator(read).equiv(Operator(circuit))


def test_registers_come_back_as_a_tuple_with_the_last_one_first() -> None:
    """Several registers are a tuple of arrays, in the order of Qiskit's bit strings."""
    first, last = ClassicalRegister(1, "first"), ClassicalRegister(2, "last")
    circuit = QuantumCircuit(QuantumRegister(3), first, last)
    circuit.measure([0, 1, 2], [first[0], last[0], last[1]])
    output = straight(compiled(circuit)).output
    assert isinstance(output, TupleRecord)
    # Results are numbered as they are measured: 0 is first[0], 1 and 2 are last[0] and last[1].
    assert output.outcome(0b001) == {"Item1": [0, 0], "Item2": [1]}
    assert output.outcome(0b010) == {"Item1": [0, 1], "Item2": [0]}


def test_bitcode_is_read_like_text() -> None:
    """A module in bitcode is the same program as in text."""
    source = text.module(
        [text.call("h__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
        qubits=1,
        results=1,
    )
    bitcode = pyqir.Module.from_ir(pyqir.Context(), source.decode()).bitcode
    assert qir.parse(bitcode) == qir.parse(source)


def test_blocks_in_a_row_are_straight_line() -> None:
    """Unconditional branches, which old generators put between sections, are followed."""
    body = ["start:", "br label %second", "third:", text.measure(0, 0), *text.register(0)]
    body += ["ret void", "second:", text.call("x__body", text.qubit(0)), "br label %third"]
    body += ["never:"]
    names = [i.operation.name for i in straight(text.module(body, qubits=1, results=1)).circuit]
    assert names == ["x", "measure"]


def test_a_measurement_may_reset() -> None:
    """`mresetz` measures and leaves the qubit in |0>; `reset` and `barrier` are read too."""
    body = [
        text.call("reset__body", text.qubit(0)),
        text.call("barrier__body"),
        text.call("mresetz__body", text.qubit(0), text.result(0)),
        *text.register(0),
    ]
    names = [i.operation.name for i in straight(text.module(body, qubits=1, results=1)).circuit]
    assert names == ["reset", "barrier", "measure", "reset"]


REFUSED = {
    "not QIR": b"OPENQASM 3.0;",
    "is not QIR": b"\xff\xfe",
    "no entry point": b"",
    "never ends": text.module(["br label %a", "a:", "br label %a", "b:"], qubits=1, results=0),
    "more than 65536 qubits": text.module([*text.register()], qubits=10**9, results=0),
    "takes arguments": text.module([*text.register()], qubits=1, results=0).replace(
        b"main()", b"main(i64 %n)"
    ),
    "instruction nope__body is not supported": text.module(
        [text.call("nope__body", text.qubit(0))], qubits=1, results=0
    ),
    "function surprise is not supported": text.module(
        ["call void @surprise()"], qubits=1, results=0
    ),
    "qubit 3 is used, but only 2": text.module(
        [text.call("x__body", text.qubit(3))], qubits=2, results=0
    ),
    "result 1 is used, but only 1": text.module([text.measure(0, 1)], qubits=1, results=1),
    "names a qubit twice": text.module(
        [text.call("cx__body", text.qubit(1), text.qubit(1))], qubits=2, results=0
    ),
    "has 1 arguments, not 2": text.module(
        [text.call("cx__body", text.qubit(1))], qubits=2, results=0
    ),
    "records no output": text.module([text.measure(0, 0)], qubits=1, results=1),
    "array of 2 items has only 1": text.module(
        [text.record("array", 2), text.record_result(0)], qubits=1, results=1
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_run_is_refused_with_its_reason(reason: str) -> None:
    """A program that no target understands is refused, never half run."""
    with pytest.raises(ProgramError, match=reason) as caught:
        qir.parse(REFUSED[reason])
    assert caught.value.code == "QIRPreProcessingFailed"


def straight(source: bytes) -> CircuitProgram:
    """Return a program that has to be straight-line."""
    program = qir.parse(source)
    assert isinstance(program, CircuitProgram)
    return program


def compiled(circuit: QuantumCircuit) -> bytes:
    """Return *circuit* as the SDK submits it."""
    backend = QSharpBackend(
        qiskit_pass_options={"supports_barrier": False},
        target_profile=TargetProfile.Base,
        skip_transpilation=True,
    )
    lowered: str = backend.qir(circuit)
    return lowered.encode()
