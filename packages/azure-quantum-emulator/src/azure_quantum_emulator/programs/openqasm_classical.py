"""Classical statements of Quantinuum's OpenQASM 2.0: assignments, and conditions of every kind.

OpenQASM 2.0 itself has no assignments, and compares whole registers for equality alone. These
statements are taken out of the text, with marks in their places that its parser takes for gates,
and are put in again where the marks are in the circuit.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Qubit
from qiskit.circuit.classical import expr

from azure_quantum_emulator.programs.classical_expressions import bit, parse

_MARK = re.compile(r"emulator_mark_(\d+)")
_END = re.compile(r'//[^\n]*|"[^"]*"|[;{}]')
_COMMENT = re.compile(r"//[^\n]*")
_PLACE = r"([a-z]\w*)\s*(?:\[\s*(\d+)\s*\])?"
_IF = re.compile(rf"if\s*\(\s*{_PLACE}\s*(==|!=|<=|>=|<|>)\s*(\d+)\s*\)\s*(.*)", re.DOTALL)
_ASSIGNMENT = re.compile(rf"{_PLACE}\s*=(?!=)(.*)", re.DOTALL)
_QUBITS = re.compile(r"\bqreg\s+([a-z]\w*)")
_RELATIONS = {
    "==": (operator.eq, expr.equal),
    "!=": (operator.ne, expr.not_equal),
    "<": (operator.lt, expr.less),
    "<=": (operator.le, expr.less_equal),
    ">": (operator.gt, expr.greater),
    ">=": (operator.ge, expr.greater_equal),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a register, or on a bit of it."""

    register: str
    index: int | None
    relation: str
    value: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment to a register, or to a bit of it."""

    register: str
    index: int | None
    source: str


@dataclass(slots=True)
class ClassicalStatements:
    """The classical statements of a program, each with the number of its mark."""

    _found: list[Condition | Assignment | None] = field(default_factory=list)
    """None is the end of a condition."""

    def take_out(self, text: str) -> str:
        """Return a program without its classical statements; lines stay where they are."""
        qubits = _QUBITS.search(text)
        if qubits is None:
            return text
        parts = []
        for statement in _statements(text):
            code = _COMMENT.sub("", statement).strip()
            marked = self._marked(code.removesuffix(";"), qubits[1]) if code[-1:] == ";" else None
            lines = "\n" * statement.count("\n")
            parts.append(statement if marked is None else lines + marked)
        return "".join(parts)

    def put_in(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Return a circuit with the classical statements in the places of their marks.

        Raises:
            ProgramError: there is no such register, or an expression is not simulated.

        """
        if not self._found:
            return circuit
        whole = circuit.copy_empty_like()
        qubits = self._used(circuit)
        instructions = iter(circuit.data)
        for instruction in instructions:
            match self._statement(instruction):
                case Condition() as condition:
                    body = list(takewhile(self._is_inside, instructions))
                    self._add_branch(whole, condition, body, qubits)
                case _:
                    self._add(whole, instruction)
        if "measure" not in whole.count_ops():
            # Aer gives out classical bits where something is measured alone.
            whole.add_bits([Clbit()])
            whole.measure(0, whole.clbits[-1])
        return whole

    def _marked(self, code: str, qubits: str) -> str | None:
        """Return the marks for a statement; None is no classical one."""
        if found := _ASSIGNMENT.fullmatch(code):
            return self._mark(Assignment(found[1], _index(found[2]), found[3]), qubits)
        found = _IF.fullmatch(code)
        if found is None:
            return None
        body = self._marked(found[5], qubits)
        if body is None and found[3] == "==" and found[2] is None:
            return None  # OpenQASM 2.0 has this one
        condition = Condition(found[1], _index(found[2]), found[3], int(found[4]))
        begin = self._mark(condition, qubits)
        return f"{begin} {body or found[5] + ';'} {self._mark(None, qubits)}"

    def _mark(self, statement: Condition | Assignment | None, qubits: str) -> str:
        name = f"emulator_mark_{len(self._found)}"
        self._found.append(statement)
        return f"opaque {name} q; {name} {qubits}[0];"

    def _statement(self, instruction: Any) -> Condition | Assignment | None:  # noqa: ANN401
        mark = _MARK.fullmatch(instruction.operation.name)
        return self._found[int(mark[1])] if mark else None

    def _used(self, circuit: QuantumCircuit) -> list[Qubit]:
        """Return the qubits that something is done to; the first one in any case."""
        done = (each for each in circuit.data if not _MARK.fullmatch(each.operation.name))
        used = {qubit for each in done for qubit in each.qubits}
        return [qubit for qubit in circuit.qubits if qubit in used] or circuit.qubits[:1]

    def _is_inside(self, instruction: Any) -> bool:  # noqa: ANN401 - Qiskit is not typed
        """Return whether an instruction is not the mark that ends a condition."""
        is_mark = _MARK.fullmatch(instruction.operation.name) is not None
        return not is_mark or self._statement(instruction) is not None

    def _add(self, circuit: QuantumCircuit, instruction: Any) -> None:  # noqa: ANN401
        """Add an instruction, or the assignment that it marks."""
        statement = self._statement(instruction)
        if not isinstance(statement, Assignment):
            circuit.append(instruction)
            return
        registers = {register.name: register for register in circuit.cregs}
        target: Any = bit(registers, statement.register, statement.index or 0)
        width = None
        if statement.index is None:
            target = registers[statement.register]
            width = target.size
        circuit.store(target, parse(statement.source, registers, width))

    def _add_branch(
        self,
        circuit: QuantumCircuit,
        condition: Condition,
        body: list[Any],
        qubits: list[Qubit],
    ) -> None:
        """Add a branch with instructions; these alone, or nothing, if its condition is decided."""
        registers = {register.name: register for register in circuit.cregs}
        single = bit(registers, condition.register, condition.index or 0)
        compare, compared = _RELATIONS[condition.relation]
        branch: AbstractContextManager[object] = nullcontext()
        if condition.index is not None:
            holds = [value for value in (0, 1) if compare(value, condition.value)]
            if not holds:
                return
            if len(holds) == 1:
                branch = circuit.if_test((single, holds[0]))
        elif condition.value < 2 ** registers[condition.register].size:
            register = registers[condition.register]
            branch = circuit.if_test(compared(expr.lift(register), condition.value))
        elif not compare(0, condition.value):
            return
        with branch:
            if not isinstance(branch, nullcontext):
                # Without qubits in it, Aer does what is in a branch whether its condition holds or
                # not; with some, it may take it for independent of the others.
                circuit.barrier(qubits)
            for instruction in body:
                self._add(circuit, instruction)


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a program with all that is before them, and gate bodies in pieces."""
    begin = 0
    for end in _END.finditer(text):
        if end[0] in {";", "{", "}"}:
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def _index(text: str | None) -> int | None:
    return None if text is None else int(text)
