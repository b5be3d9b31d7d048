"""QIR, the program format of Azure Quantum.

A straight-line program, every instruction of which runs exactly once, is read into a circuit; those
are the base profile, and the adaptive programs that do not use what they allow. Others are left to
an interpreter (`qir_adaptive.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyqir
from qiskit import QuantumCircuit
from qiskit.circuit import Clbit

from azure_quantum_emulator.errors import InvalidInputError, ProgramError
from azure_quantum_emulator.programs import qir_adaptive, qir_module, qir_operands, records
from azure_quantum_emulator.programs.program import AdaptiveProgram, CircuitProgram
from azure_quantum_emulator.programs.qir_gates import GATES, MEASUREMENTS, RESETS
from azure_quantum_emulator.programs.qir_operands import Declared
from azure_quantum_emulator.programs.records import Container, Leaf

_IGNORED = frozenset({"__quantum__rt__initialize"})


class _AdaptiveError(Exception):
    """The program is not straight-line."""


def parse_job(source: bytes, params: Mapping[str, Any]) -> list[CircuitProgram | AdaptiveProgram]:
    """Read the programs of a job: one for each of the `items` in its parameters.

    Raises:
        ProgramError: the parameters name no entry points, or see `parse`.

    """
    return [parse(source, entry_point) for entry_point in _entry_points(params)]


def parse(source: bytes, entry_point: str | None = None) -> CircuitProgram | AdaptiveProgram:
    """Read QIR, as text or as bitcode.

    Args:
        source: the module
        entry_point: name of the function to run; not needed if the module has a single one

    Raises:
        ProgramError: it is no QIR, or uses what targets do not understand.

    """
    module = qir_module.module(source)
    function = qir_module.entry_point(module, entry_point)
    try:
        return _Reader(function).program()
    except _AdaptiveError:
        return qir_adaptive.build(source, module, function)


def _entry_points(params: Mapping[str, Any]) -> list[str | None]:
    """Return the entry points to run; None is the module's only one."""
    items = params.get("items", [params])
    if not isinstance(items, list) or not items:
        raise InvalidInputError("inputParams.items is not a list of entry points.")
    entry_points: list[str | None] = []
    for item in items:
        name = item.get("entryPoint") if isinstance(item, dict) else item
        if not isinstance(item, dict) or not isinstance(name, str | None):
            raise InvalidInputError("An item of inputParams names no entry point.")
        if item.get("arguments"):
            raise InvalidInputError(
                "Entry points take no arguments: the profiles of QIR that targets run allow none."
            )
        entry_points.append(name)
    return entry_points


class _Reader:
    """Walks through one function, building its circuit.

    Classical bit *i* is result *i* until it is recorded and measured anew, which takes another bit:
    what is given out is the value of the result when it was recorded.
    """

    def __init__(self, function: pyqir.Function) -> None:
        self._function = function
        self._declared = Declared(*qir_module.declared(function))
        self._circuit = QuantumCircuit(self._declared.qubits, self._declared.results)
        self._records: list[Container | Leaf] = []
        self._bits = list(range(self._declared.results))
        self._recorded: set[int] = set()

    def program(self) -> CircuitProgram:
        for call in _calls(self._function):
            name = call.callee.name
            if name in qir_module.RECORD_CALLS:
                qir_operands.check_record(call)
                self._records.append(self._record(name, call.args))
            elif name.startswith(qir_module.QIS):
                self._instruction(name.removeprefix(qir_module.QIS), call)
            elif qir_module.is_defined(call.callee) or name == qir_module.WRITE:
                raise _AdaptiveError
            elif name not in _IGNORED:
                raise ProgramError(f"The function {name} is not supported.")
        return CircuitProgram(self._circuit, records.build(self._records))

    def _record(self, name: str, args: list[pyqir.Value]) -> Container | Leaf:
        kind, value = qir_module.RECORD_CALLS[name], args[0]
        label = qir_module.label(args)
        match kind, value:
            case "result", _:
                result = self._declared.result(value)
                if result is None:
                    raise _AdaptiveError
                self._recorded.add(result)
                return records.ResultRecord(self._bits[result], label)
            case (("array" | "tuple"), pyqir.IntConstant()):
                return records.Container(kind, value.value)
            case "bool", pyqir.IntConstant():
                return records.ValueRecord(bool(value.value), label)
            case "int", pyqir.IntConstant():
                return records.ValueRecord(qir_operands.whole(value), label)
            case "double", pyqir.FloatConstant():
                return records.ValueRecord(value.value, label)
            case _:
                raise _AdaptiveError

    def _instruction(self, name: str, call: pyqir.Call) -> None:
        operands = self._declared.operands(call)
        if not operands.are_known:
            raise _AdaptiveError
        circuit = self._circuit
        if gate := GATES.get(name):
            qubits = [circuit.qubits[qubit] for qubit in operands.qubits]
            circuit._append(gate.gate(*operands.angles), qubits, [])  # noqa: SLF001 - `append` looks at each gate for milliseconds
        elif measurement := MEASUREMENTS.get(name):
            circuit.measure(*operands.qubits, self._bit(*operands.results))
            if measurement.resets:
                circuit.reset(*operands.qubits)
        elif name in RESETS:
            circuit.reset(*operands.qubits)
        else:
            circuit.barrier()

    def _bit(self, result: int | None) -> int:
        """Return the classical bit for a measurement into *result*."""
        if result is None:
            raise _AdaptiveError
        if result in self._recorded:
            self._recorded.remove(result)
            self._circuit.add_bits([Clbit()])
            self._bits[result] = self._circuit.num_clbits - 1
        return self._bits[result]


def _calls(function: pyqir.Function) -> Iterator[pyqir.Call]:
    """Yield the calls of *function* in the order they run."""
    block: pyqir.BasicBlock | None = function.basic_blocks[0]
    seen = set()
    while block is not None:
        if block in seen:
            raise _AdaptiveError
        seen.add(block)
        following = None
        for instruction in block.instructions:
            if isinstance(instruction, pyqir.Call):
                if not isinstance(instruction.callee, pyqir.Function):
                    raise _AdaptiveError
                if instruction.callee.name in qir_module.READS:
                    raise _AdaptiveError
                yield instruction
            elif instruction.opcode is pyqir.Opcode.BR and len(instruction.successors) == 1:
                following = instruction.successors[0]
            elif instruction.opcode is not pyqir.Opcode.RET:
                raise _AdaptiveError
        block = following
