"""QIR of straight-line circuits, generated without a compiler.

The QDK compiler takes a third of a second for any circuit, because it compiles its library each
time. Most circuits need no compiler: a sequence of known gates with the measurements at its end
is one call per gate in the Base profile of the QIR specification. What is written here is what
the compiler writes for such circuits, which the tests hold it to; every other circuit is `None`
here and goes to the compiler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ClassicalRegister, Clbit, Qubit

_GATES = {
    "h": "h__body",
    "x": "x__body",
    "y": "y__body",
    "z": "z__body",
    "s": "s__body",
    "sdg": "s__adj",
    "t": "t__body",
    "tdg": "t__adj",
    "rx": "rx__body",
    "ry": "ry__body",
    "rz": "rz__body",
    "cx": "cx__body",
    "cy": "cy__body",
    "cz": "cz__body",
    "swap": "swap__body",
    "ccx": "ccx__body",
    "rxx": "rxx__body",
    "ryy": "ryy__body",
    "rzz": "rzz__body",
}
BASIS = tuple(_GATES)
"""The gates, by Qiskit's names, that a circuit may use to be written directly."""

_MODULE = """\
%Result = type opaque
%Qubit = type opaque

{labels}

define i64 @ENTRYPOINT__main() #0 {{
block_0:
{body}
  ret i64 0
}}

{declarations}

attributes #0 = {{ "entry_point" "output_labeling_schema" "qir_profiles"="base_profile" \
"required_num_qubits"="{qubits}" "required_num_results"="{results}" }}
attributes #1 = {{ "irreversible" }}

; module flags

!llvm.module.flags = !{{!0, !1, !2, !3}}

!0 = !{{i32 1, !"qir_major_version", i32 1}}
!1 = !{{i32 7, !"qir_minor_version", i32 0}}
!2 = !{{i32 1, !"dynamic_qubit_management", i1 false}}
!3 = !{{i32 1, !"dynamic_result_management", i1 false}}
"""


def straight_line(circuit: QuantumCircuit) -> str | None:
    """Return the QIR text of *circuit*, or None if it is not of the simple kind.

    The simple kind has only gates of `BASIS` with bound angles, barriers, and one measurement
    into every classical bit, after which its qubit is left alone; every classical bit is in
    exactly one register. The outcome lists the bits in Qiskit's order, last bit first.
    """
    measured = _measurements(circuit)
    if measured is None or sum(map(len, circuit.cregs)) != len(circuit.clbits):
        return None
    number = {qubit: index for index, qubit in enumerate(circuit.qubits)}
    module = _Module()
    module.call("rt__initialize", ["i8* null"])
    for instruction in circuit.data:
        if instruction.operation.name == "barrier":
            module.call("qis__barrier__body", [])
        elif instruction.operation.name != "measure":
            module.call(
                f"qis__{_GATES[instruction.operation.name]}", _arguments(instruction, number)
            )
    for result, (qubit, _) in enumerate(measured):
        module.call("qis__m__body", [_qubit(number[qubit]), _result(result)])
    results = {clbit: result for result, (_, clbit) in enumerate(measured)}
    module.record(list(reversed(circuit.cregs)), results)
    return module.text(circuit.num_qubits, len(measured))


def _measurements(circuit: QuantumCircuit) -> list[tuple[Qubit, Clbit]] | None:
    """Return the measured qubits and their classical bits; None if the circuit is not simple."""
    measured: list[tuple[Qubit, Clbit]] = []
    done: set[Qubit] = set()
    for instruction in circuit.data:
        name = instruction.operation.name
        if name == "barrier":
            continue
        if done.intersection(instruction.qubits):
            return None
        if name == "measure":
            measured.append((instruction.qubits[0], instruction.clbits[0]))
            done.update(instruction.qubits)
        elif name not in _GATES or not _bound(instruction):
            return None
    written = [clbit for _, clbit in measured]
    return measured if len(written) == len(set(written)) == len(circuit.clbits) else None


def _bound(instruction: CircuitInstruction) -> bool:
    return all(isinstance(angle, int | float) for angle in instruction.operation.params)


def _arguments(instruction: CircuitInstruction, number: dict[Qubit, int]) -> Iterator[str]:
    for angle in instruction.operation.params:
        # LLVM wants a decimal point or an exponent with one; 17 digits give the double back.
        yield f"double {float(angle):.17e}"
    for qubit in instruction.qubits:
        yield _qubit(number[qubit])


def _qubit(index: int) -> str:
    return f"%Qubit* inttoptr (i64 {index} to %Qubit*)"


def _result(index: int) -> str:
    return f"%Result* inttoptr (i64 {index} to %Result*)"


class _Module:
    """The parts of a QIR module while it is written."""

    def __init__(self) -> None:
        self._body: list[str] = []
        self._labels: list[str] = []
        self._declared: dict[str, str] = {}

    def call(self, function: str, arguments: Iterable[str]) -> None:
        """Add a call of `__quantum__<function>` and declare it."""
        given = list(arguments)
        types = ", ".join(argument.split(" ", 1)[0] for argument in given)
        mark = " #1" if function == "qis__m__body" else ""
        self._declared.setdefault(function, f"declare void @__quantum__{function}({types}){mark}")
        self._body.append(f"  call void @__quantum__{function}({', '.join(given)})")

    def record(self, registers: list[ClassicalRegister], results: dict[Clbit, int]) -> None:
        """Add the output: an array per register, in a tuple if there are several."""
        if len(registers) == 1:
            self._record_array(registers[0], results, "a")
            return
        self.call("rt__tuple_record_output", [f"i64 {len(registers)}", self._label("t")])
        for index, register in enumerate(registers):
            self._record_array(register, results, f"t{index}a")

    def _record_array(
        self, register: ClassicalRegister, results: dict[Clbit, int], path: str
    ) -> None:
        self.call("rt__array_record_output", [f"i64 {len(register)}", self._label(path)])
        for index, clbit in enumerate(reversed(register)):
            label = self._label(f"{path}{index}r")
            self.call("rt__result_record_output", [_result(results[clbit]), label])

    def _label(self, path: str) -> str:
        number = len(self._labels)
        text = f"{number}_{path}"
        size = f"[{len(text) + 1} x i8]"
        self._labels.append(f'@{number} = internal constant {size} c"{text}\\00"')
        return f"i8* getelementptr inbounds ({size}, {size}* @{number}, i64 0, i64 0)"

    def text(self, qubits: int, results: int) -> str:
        """Return the module."""
        return _MODULE.format(
            labels="\n".join(self._labels),
            body="\n".join(self._body),
            declarations="\n\n".join(self._declared.values()),
            qubits=qubits,
            results=results,
        )
