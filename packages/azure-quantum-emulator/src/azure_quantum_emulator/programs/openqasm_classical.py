"""Classical statements of Quantinuum's OpenQASM 2.0: assignments, and conditions of every kind.

OpenQASM 2.0 itself has no assignments, and compares whole registers for equality alone. These
statements are taken out of the text, with marks in their places that its parser takes for gates,
and are put in again where the marks are in the circuit.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Qubit

from azure_quantum_emulator.errors import InvalidInputError
from azure_quantum_emulator.programs.classical_expressions import bit, compared, parse

_MARK = re.compile(r"emulator_mark_(\d+)")
_END = re.compile(r'//[^\n]*|"[^"]*"|[;{}]')
_COMMENT = re.compile(r"//[^\n]*")
_PLACE = r"([a-z]\w*)\s*(?:\[\s*(\d+)\s*\])?"
_IF = re.compile(rf"if\s*\(\s*{_PLACE}\s*(==|!=|<=|>=|<|>)\s*(\d+)\s*\)\s*(.*)", re.DOTALL)
_ASSIGNMENT = re.compile(rf"{_PLACE}\s*=(?!=)(.*)", re.DOTALL)
_CLASSICAL = re.compile(rf"if\b|{_PLACE}\s*=(?!=)")
"""How a statement begins that OpenQASM 2.0 has not under a condition."""
_QUBITS = re.compile(r"\bqreg\s+([a-z]\w*)")
_BITS = re.compile(r"\bcreg\s+([a-z]\w*)\s*\[\s*(\d+)")
_RELATIONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
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


type Body = list[Any | tuple[Condition, Body]]
"""Instructions of Qiskit, and conditions with what they are for."""


@dataclass(slots=True)
class ClassicalStatements:
    """The classical statements of a program, each with the number of its mark."""

    _found: list[Condition | Assignment | None] = field(default_factory=list)
    """None is the end of a condition."""
    _sizes: Mapping[str, int] = field(default_factory=dict)
    """Of the classical registers."""

    def take_out(self, text: str) -> str:
        """Return a program without its classical statements; lines stay where they are."""
        plain = _COMMENT.sub("", text)
        qubits = _QUBITS.search(plain)
        if qubits is None:
            return text
        self._sizes = {name: int(size) for name, size in _BITS.findall(plain)}
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
        self._add(whole, self._body(iter(circuit.data)), self._used(circuit))
        if "measure" not in whole.count_ops():
            # Aer gives out classical bits where something is measured alone.
            whole.add_bits([Clbit()])
            whole.measure(0, whole.clbits[-1])
        return whole

    def _marked(self, code: str, qubits: str, *, inside: bool = False) -> str | None:
        """Return the marks for a statement; None is none of these, unless *inside* a condition."""
        if found := _ASSIGNMENT.fullmatch(code):
            return self._mark(Assignment(found[1], _index(found[2]), found[3]), qubits)
        found = _IF.fullmatch(code)
        if found is None:
            return None
        condition = Condition(found[1], _index(found[2]), found[3], int(found[4]))
        is_plain = condition.relation == "==" and condition.index is None
        fits = condition.value < 2 ** self._sizes.get(condition.register, 0)
        if is_plain and fits and not inside and not _CLASSICAL.match(found[5]):
            return None  # OpenQASM 2.0 has this one
        begin = self._mark(condition, qubits)
        body = self._marked(found[5], qubits, inside=True) or f"{found[5]};"
        return f"{begin} {body} {self._mark(None, qubits)}"

    def _mark(self, statement: Condition | Assignment | None, qubits: str) -> str:
        name = f"emulator_mark_{len(self._found)}"
        self._found.append(statement)
        return f"opaque {name} q; {name} {qubits}[0];"

    def _body(self, instructions: Iterator[Any]) -> Body:
        """Return the instructions up to the end of a condition, or to their own end."""
        body: Body = []
        for instruction in instructions:
            match self._statement(instruction):
                case Condition() as condition:
                    body.append((condition, self._body(instructions)))
                case None if _is_mark(instruction):
                    break
                case _:
                    body.append(instruction)
        return body

    def _statement(self, instruction: Any) -> Condition | Assignment | None:  # noqa: ANN401 - Qiskit has no types
        mark = _MARK.fullmatch(instruction.operation.name)
        return self._found[int(mark[1])] if mark else None

    def _used(self, circuit: QuantumCircuit) -> list[Qubit]:
        """Return the qubits that something is done to; the first one in any case."""
        used = {qubit for each in circuit.data if not _is_mark(each) for qubit in each.qubits}
        return [qubit for qubit in circuit.qubits if qubit in used] or circuit.qubits[:1]

    def _add(self, circuit: QuantumCircuit, body: Body, qubits: list[Qubit]) -> None:
        """Add instructions, or what they mark."""
        for part in body:
            if isinstance(part, tuple):
                condition, inner = part
                self._add_branch(circuit, condition, inner, qubits)
            elif isinstance(statement := self._statement(part), Assignment):
                _assign(circuit, statement)
            else:
                circuit.append(part)

    def _add_branch(
        self, circuit: QuantumCircuit, condition: Condition, body: Body, qubits: list[Qubit]
    ) -> None:
        """Add a branch with instructions; these alone, or nothing, if its condition is decided."""
        registers = {register.name: register for register in circuit.cregs}
        compare, name = _RELATIONS[condition.relation], condition.register
        branch: AbstractContextManager[object] = nullcontext()
        if condition.index is not None:
            single = bit(registers, name, condition.index)
            holds = [value for value in (0, 1) if compare(value, condition.value)]
            if not holds:
                return
            if len(holds) == 1:
                branch = circuit.if_test((single, holds[0]))
        elif name not in registers:
            raise InvalidInputError(f"There is no classical register {name}.")
        elif condition.value < 2 ** registers[name].size:
            branch = circuit.if_test(compared(registers[name], condition.relation, condition.value))
        elif not compare(0, condition.value):
            return
        with branch:
            if not isinstance(branch, nullcontext):
                # Without qubits in it, Aer does what is in a branch whether its condition holds or
                # not; with some, it may take it for independent of the others.
                circuit.barrier(qubits)
            self._add(circuit, body, qubits)


def _assign(circuit: QuantumCircuit, assignment: Assignment) -> None:
    """Add the instructions that store an expression, bit by bit."""
    registers = {register.name: register for register in circuit.cregs}
    first = bit(registers, assignment.register, assignment.index or 0)
    bits = parse(assignment.source, registers)
    whole = assignment.index is None
    # Bits above the lowest one depend on those in the same place alone: none is stored too early.
    for place, target in enumerate(registers[assignment.register] if whole else [first]):
        circuit.store(target, bits(place))


def _is_mark(instruction: Any) -> bool:  # noqa: ANN401 - Qiskit is not typed
    return _MARK.fullmatch(instruction.operation.name) is not None


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
