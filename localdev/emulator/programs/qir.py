"""QIR, the program format of Azure Quantum, read into a Qiskit circuit.

Straight-line programs only: every instruction runs exactly once. That is the base profile, and
those adaptive programs that do not use what they allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqir
from qiskit import QuantumCircuit

from localdev.emulator.errors import ProgramError
from localdev.emulator.programs import records
from localdev.emulator.programs.gates import BARRIERS, GATES, MEASUREMENTS, RESETS, Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localdev.emulator.programs.records import Record

BITCODE_MAGIC = b"BC\xc0\xde"

_QIS = "__quantum__qis__"
_RECORD_CALLS = {
    f"__quantum__rt__{kind}_record_output": kind for kind in ("array", "tuple", "result")
}
_IGNORED = frozenset({"__quantum__rt__initialize"})
_READS = frozenset({"__quantum__rt__read_result", "__quantum__qis__read_result__body"})


@dataclass(frozen=True, slots=True)
class Program:
    """A program ready to run: classical bit *i* of the circuit is QIR result *i*."""

    circuit: QuantumCircuit
    output: Record


def parse(source: bytes, entry_point: str | None = None) -> Program:
    """Read QIR, as text or as bitcode.

    Args:
        source: the module
        entry_point: name of the function to run; not needed if the module has a single one

    Raises:
        ProgramError: it is no QIR, or uses what straight-line programs cannot.

    """
    function = _entry_point(_module(source), entry_point)
    return _Reader(function).program()


def _module(source: bytes) -> pyqir.Module:
    context = pyqir.Context()
    try:
        if source.startswith(BITCODE_MAGIC):
            return pyqir.Module.from_bitcode(context, source)
        return pyqir.Module.from_ir(context, source.decode())
    except ValueError as exc:  # which includes text that is not UTF-8
        raise ProgramError(f"The input is not QIR: {exc}") from exc


def _entry_point(module: pyqir.Module, name: str | None) -> pyqir.Function:
    found = [function for function in module.functions if pyqir.is_entry_point(function)]
    if name is not None:
        found = [function for function in found if function.name == name]
    match found:
        case [function]:
            return function
        case []:
            raise ProgramError(f"The module has no entry point {name or ''}".rstrip() + ".")
        case _:
            raise ProgramError("The module has several entry points and none was asked for.")


class _Reader:
    """Walks through one function, building its circuit."""

    def __init__(self, function: pyqir.Function) -> None:
        self._function = function
        qubits = pyqir.required_num_qubits(function)
        results = pyqir.required_num_results(function)
        if qubits is None or results is None:
            raise ProgramError("The entry point does not say how many qubits and results it needs.")
        self._circuit = QuantumCircuit(qubits, results)
        self._records: list[tuple[str, int]] = []

    def program(self) -> Program:
        for call in _calls(self._function):
            name = call.callee.name
            if name in _RECORD_CALLS:
                self._record(_RECORD_CALLS[name], call.args[0])
            elif name.startswith(_QIS):
                self._instruction(name.removeprefix(_QIS), call.args)
            elif name not in _IGNORED:
                raise ProgramError(f"The function {name} is not supported.")
        return Program(self._circuit, records.build(self._records))

    def _record(self, kind: str, argument: pyqir.Value) -> None:
        if kind == "result":
            self._records.append((kind, self._result(argument)))
        elif isinstance(argument, pyqir.IntConstant):
            self._records.append((kind, argument.value))
        else:
            raise ProgramError(f"The size of an output {kind} is not a constant.")

    def _instruction(self, name: str, args: list[pyqir.Value]) -> None:
        circuit = self._circuit
        if gate := GATES.get(name):
            _check_arity(name, args, gate.angles + gate.qubits)
            angles = [_angle(name, value) for value in args[: gate.angles]]
            qubits = [self._qubit(value) for value in args[gate.angles :]]
            if len(set(qubits)) < len(qubits):
                raise ProgramError(f"The instruction {name} names a qubit twice.")
            circuit._append(gate.gate(*angles), [circuit.qubits[q] for q in qubits], [])  # noqa: SLF001
        elif measurement := MEASUREMENTS.get(name):
            _check_arity(name, args, 2)
            self._measure(measurement, self._qubit(args[0]), self._result(args[1]))
        elif name in RESETS:
            _check_arity(name, args, 1)
            circuit.reset(self._qubit(args[0]))
        elif name in BARRIERS:
            circuit.barrier()
        else:
            raise ProgramError(f"The instruction {name} is not supported.")

    def _measure(self, measurement: Measurement, qubit: int, result: int) -> None:
        self._circuit.measure(qubit, result)
        if measurement.resets:
            self._circuit.reset(qubit)

    def _qubit(self, value: pyqir.Value) -> int:
        return _identifier("qubit", value, self._circuit.num_qubits)

    def _result(self, value: pyqir.Value) -> int:
        return _identifier("result", value, self._circuit.num_clbits)


def _calls(function: pyqir.Function) -> Iterator[pyqir.Call]:
    """Yield the calls of *function* in the order they run."""
    block: pyqir.BasicBlock | None = function.basic_blocks[0]
    seen = set()
    while block is not None:
        if block in seen:
            raise ProgramError("The program has a loop; only straight-line programs run here.")
        seen.add(block)
        following = None
        for instruction in block.instructions:
            if isinstance(instruction, pyqir.Call):
                if instruction.callee.name in _READS:
                    raise ProgramError(
                        "The program reads a measurement result while it runs; "
                        "only straight-line programs run here."
                    )
                yield instruction
            elif instruction.opcode is pyqir.Opcode.BR and len(instruction.successors) == 1:
                following = instruction.successors[0]
            elif instruction.opcode is not pyqir.Opcode.RET:
                raise ProgramError(
                    f"The program uses {instruction.opcode}; only straight-line programs run here."
                )
        block = following


def _check_arity(name: str, args: list[pyqir.Value], expected: int) -> None:
    if len(args) != expected:
        raise ProgramError(f"The instruction {name} has {len(args)} arguments, not {expected}.")


def _angle(name: str, value: pyqir.Value) -> float:
    if isinstance(value, pyqir.FloatConstant):
        return value.value
    raise ProgramError(f"An angle of the instruction {name} is not a constant.")


def _identifier(what: str, value: pyqir.Value, count: int) -> int:
    number = pyqir.ptr_id(value)
    if number is None:
        raise ProgramError(f"A {what} is not a constant; only static {what}s are supported.")
    if number >= count:
        raise ProgramError(f"The {what} {number} is used, but only {count} are declared.")
    return number
