"""Rules that a caller's OpenQASM program has to keep before it is compiled.

They are read off the syntax tree, which the parser makes without opening a file or running
anything. What they cannot see, such as a loop whose length is computed, ends at the limits of the
process that compiles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import Any

from qdk.openqasm import parser as syntax

from qjobs.methods.refusal import Place, ProgramRefusedError

MOST_QUBITS = 56
"""Of a program; the largest ion trap has as many."""
MOST_BITS = 128
MOST_ROUNDS = 10_000
"""Of nested loops together; also of a power of a gate."""
MOST_NESTED = 64
"""Depth of brackets: the parser and the compiler recurse, and a stack has an end."""

MOST_DIGITS = 100
"""Of a number: Python refuses to read thousands."""

_COUNTLESS = 10**15
_LONG_NUMBER = re.compile(rb"\b[0-9][0-9a-fA-FxX_]{%d,}" % MOST_DIGITS)
_LIBRARIES = frozenset({"stdgates.inc", "qelib1.inc"})
_SKIPPED = re.compile(rb'//[^\n]*|/\*.*?\*/|"[^"\n]*"', re.DOTALL)
_BRACKETS = re.compile(rb"[(\[{]|[)\]}]")
_REFUSED = {
    syntax.WhileLoop: "a while loop may never end; write a for loop over a fixed range.",
    syntax.ExternDeclaration: "an extern function is not known here.",
    syntax.CalibrationDefinition: "calibrations (defcal) are not run.",
    syntax.CalibrationStatement: "calibrations (cal) are not run.",
    syntax.CalibrationGrammarDeclaration: "calibrations (defcalgrammar) are not run.",
    syntax.Pragma: "pragmas are not taken: they would change how the program is compiled.",
    syntax.Annotation: "annotations are not taken: they would change how it is compiled.",
    syntax.HardwareQubit: "hardware qubits such as $0 are not taken; declare a register.",
    syntax.DelayInstruction: "a delay is not run.",
}
_DEFINITIONS = (syntax.SubroutineDefinition, syntax.QuantumGateDefinition)
_CALLS = (syntax.FunctionCall, syntax.QuantumGate)


def check_text(source: bytes) -> None:
    """Check for deep brackets and endless numbers, with which the parser cannot be trusted.

    Raises:
        ProgramRefusedError: it has such.

    """
    blank = _SKIPPED.sub(lambda found: b" " * len(found[0]), source)
    if number := _LONG_NUMBER.search(blank):
        place = Place.at(source, number.start())
        raise ProgramRefusedError(f"a number has more than {MOST_DIGITS} digits.", place)
    depth = 0
    for bracket in _BRACKETS.finditer(blank):
        depth += 1 if bracket[0] in b"([{" else -1
        if depth > MOST_NESTED:
            raise ProgramRefusedError(
                f"brackets are nested deeper than {MOST_NESTED}.", Place.at(source, bracket.start())
            )


def check_tree(source: bytes, program: Any) -> None:  # noqa: ANN401 - qdk ships no types
    """Check the syntax tree of a program.

    Raises:
        ProgramRefusedError: it includes a file, may not end, is too large, or needs what is not
            there.

    """
    qubits = bits = 0
    for node, rounds, inside in _walk(program):
        reason = _REFUSED.get(type(node)) or _special(node, inside)
        if isinstance(node, syntax.QubitDeclaration):
            qubits += _number(node.size)
        elif isinstance(node, syntax.BitType):
            bits += _number(node.size)
        if rounds > MOST_ROUNDS:
            reason = f"it is repeated {_told(rounds)} times; {MOST_ROUNDS:,} is the most."
        elif qubits > MOST_QUBITS:
            reason = f"{_told(qubits)} qubits are declared; {MOST_QUBITS} is the most."
        elif bits > MOST_BITS:
            reason = f"{_told(bits)} bits are declared; {MOST_BITS} is the most."
        if reason:
            raise ProgramRefusedError(reason, Place.at(source, node.span.lo))


def _special(node: Any, inside: frozenset[str]) -> str | None:  # noqa: ANN401 - as above
    if isinstance(node, syntax.Include) and node.filename not in _LIBRARIES:
        return "a file is included; only stdgates.inc and qelib1.inc, which are built in, can be."
    if isinstance(node, syntax.IODeclaration) and node.io_keyword.value == "input":
        return "an input parameter has no value here; write its value into the program."
    if isinstance(node, syntax.ArrayType) and prod(map(_number, node.dimensions)) > MOST_ROUNDS:
        return f"the array has more than {MOST_ROUNDS:,} elements."
    if isinstance(node, _CALLS) and node.name.name in inside:
        return "it calls itself, without an end."
    return None


def _walk(program: Any) -> Iterator[tuple[Any, int, frozenset[str]]]:  # noqa: ANN401 - as above
    """Yield every node, its number of repetitions, and the names of the definitions around it.

    In the order of the program, with a stack of its own: the tree may be deep.
    """
    waiting: list[tuple[Any, int, frozenset[str]]] = [(program, 1, frozenset())]
    while waiting:
        node, rounds, inside = waiting.pop()
        if isinstance(node, syntax.ForInLoop):
            rounds *= _length(node.iterable)
        elif isinstance(node, syntax.QuantumGate):
            rounds *= prod(map(_power, node.modifiers))
        yield node, rounds, inside
        if isinstance(node, _DEFINITIONS):
            inside |= {node.name.name}
        waiting += [(child, rounds, inside) for child in reversed(node.children())]


def _length(iterable: Any) -> int:  # noqa: ANN401 - as above
    """Return how often a loop runs; 1 if that is computed."""
    if isinstance(iterable, syntax.DiscreteSet):
        return max(len(iterable.values), 1)
    if not isinstance(iterable, syntax.RangeDefinition):
        return 1
    start, end, step = map(_literal, (iterable.start, iterable.end, iterable.step))
    return 1 if end is None else abs(end - (start or 0)) // max(abs(step or 1), 1) + 1


def _power(modifier: Any) -> int:  # noqa: ANN401 - as above
    return max(abs(_number(modifier.argument)), 1) if modifier.modifier.value == "pow" else 1


def _number(expression: Any) -> int:  # noqa: ANN401 - as above
    """Return the value of an integer that is written out, else 1."""
    found = _literal(expression)
    return 1 if found is None else found


def _literal(expression: Any) -> int | None:  # noqa: ANN401 - as above
    """Return the value of an integer that is written out; None of any other expression."""
    if isinstance(expression, syntax.ParenExpression):
        return _literal(expression.operand)
    if isinstance(expression, syntax.UnaryExpression) and expression.op.value == "-":
        inner = _literal(expression.operand)
        return None if inner is None else -inner
    return int(expression.value) if isinstance(expression, syntax.IntegerLiteral) else None


def _told(number: int) -> str:
    return f"{number:,}" if number < _COUNTLESS else "countless"
