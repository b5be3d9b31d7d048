"""Angles of OpenQASM 3 that would silently be others: parameters of gates are modulo a turn.

A rotation by a turn is no rotation but for the sign, which shows where it is controlled, as is half
a turn where the parameter is halved. The compiler keeps to the language here; other tools, and
those who write programs, take parameters for real numbers. Where both agree the program passes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator
from typing import Any

from qdk.openqasm import parser as syntax

from qjobs.methods.refusal import Place, ProgramRefusedError

_TURN = 2 * math.pi
_CONTROLLED = {"crx": 1, "cry": 1, "crz": 1, "cu": 4, "cu3": 3}
"""Gates of the library with a sign that shows, and their parameters."""
_CONSTANTS = {"pi": math.pi, "π": math.pi, "tau": _TURN, "τ": _TURN, "euler": math.e, "ℇ": math.e}
_OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_WRITE = "write the gate with `cx` and rotations, or as a `def` with parameters of type float."


def check_angles(source: bytes, program: Any) -> None:  # noqa: ANN401 - qdk ships no types
    """Check that no angle of a program depends on how angles are counted.

    Raises:
        ProgramRefusedError: one does.

    """
    sensitive = set(_CONTROLLED)
    gates = [one for one in program.statements if isinstance(one, syntax.QuantumGateDefinition)]
    for gate in gates:
        if _counts_turns(source, gate, sensitive):
            sensitive.add(gate.name.name)
    for node in _inside(one for one in program.statements if one not in gates):
        if isinstance(node, syntax.QuantumGate) and _shows_sign(node, sensitive):
            _check_call(source, node)


def _counts_turns(source: bytes, gate: Any, sensitive: set[str]) -> bool:  # noqa: ANN401 - as above
    """Return whether another number of turns of its parameters makes it another gate."""
    parameters = {getattr(one, "name", None) for one in gate.params}
    found = False
    for node in _inside(gate.body):
        if isinstance(node, syntax.BinaryExpression) and node.op.value == "/":
            angles, what = [node.lhs], "half of a sum or negative of parameters is not unique"
        elif isinstance(node, syntax.QuantumGate) and _shows_sign(node, sensitive):
            angles, what = node.args, "the sign of this rotation shows, and its angle is computed"
        else:
            continue
        of_parameters = [one for one in angles if _names(one) & parameters]
        if not all(map(_is_name, of_parameters)):
            raise ProgramRefusedError(f"{what}; {_WRITE}", Place.at(source, node.span.lo))
        found = found or bool(of_parameters)
    return found


def is_expanded(node: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a call is of a library gate that `expansion` writes out."""
    return (
        isinstance(node, syntax.QuantumGate)
        and not node.modifiers
        and len(node.args) == _CONTROLLED.get(node.name.name)
        and len(node.qubits) == 2  # noqa: PLR2004 - control and target
    )


def expansion(name: str, angles: list[str], control: str, target: str) -> str:
    """Return a controlled rotation of the library as gates for which a turn is nothing.

    The angles are those of a call outside of gates, thus of type float.
    """
    one = [f"(({angle}))" for angle in angles]
    if name == "crx":
        return f"h {target}; {expansion('crz', angles, control, target)} h {target};"
    if name in {"cry", "crz"}:
        turn = name[1:]
        return (
            f"{turn}({one[0]}/2.0) {target}; cx {control}, {target}; "
            f"{turn}(-{one[0]}/2.0) {target}; cx {control}, {target};"
        )
    theta, phi, lam = one[:3]
    gamma = f"{one[3]} + " if name == "cu" else ""
    return (
        f"p({gamma}({lam} + {phi})/2.0) {control}; rz(({lam} - {phi})/2.0) {target}; "
        f"cx {control}, {target}; rz(-({phi} + {lam})/2.0) {target}; ry(-{theta}/2.0) {target}; "
        f"cx {control}, {target}; ry({theta}/2.0) {target}; rz({phi}) {target};"
    )


def _check_call(source: bytes, call: Any) -> None:  # noqa: ANN401 - as above
    if is_expanded(call):
        return
    for angle in call.args:
        value = _value(angle)
        if value is None or not 0 <= value < _TURN:
            raise ProgramRefusedError(
                f"the angle of `{call.name.name[:40]}` counts modulo a turn, which shows here; "
                f"give a number from 0 to 2*pi, or {_WRITE}",
                Place.at(source, angle.span.lo),
            )


def _shows_sign(call: Any, sensitive: set[str]) -> bool:  # noqa: ANN401 - as above
    controlled = any("ctrl" in modifier.modifier.value for modifier in call.modifiers)
    return bool(call.args) and (controlled or call.name.name in sensitive)


def _inside(nodes: Iterable[Any]) -> Iterator[Any]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children()


def _is_name(node: Any) -> bool:  # noqa: ANN401 - as above
    while isinstance(node, syntax.ParenExpression):
        node = node.operand
    return isinstance(node, syntax.Identifier)


def _names(node: Any) -> set[str | None]:  # noqa: ANN401 - as above
    return {one.name for one in _inside([node]) if isinstance(one, syntax.Identifier)}


def _value(node: Any) -> float | None:  # noqa: ANN401 - as above
    """Return the value of an expression of numbers; None of any other."""
    if isinstance(node, syntax.ParenExpression):
        return _value(node.operand)
    if isinstance(node, syntax.IntegerLiteral | syntax.FloatLiteral):
        return float(node.value)
    if isinstance(node, syntax.Identifier):
        return _CONSTANTS.get(node.name)
    sides: tuple[float | None, float | None] = (None, None)
    if isinstance(node, syntax.UnaryExpression):
        sides = 0.0, _value(node.operand)
    elif isinstance(node, syntax.BinaryExpression):
        sides = _value(node.lhs), _value(node.rhs)
    calculate = _OPERATORS.get(node.op.value) if None not in sides else None
    try:
        return float(calculate(*sides)) if calculate else None
    except ArithmeticError:
        return None
