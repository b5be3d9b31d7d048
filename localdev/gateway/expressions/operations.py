"""Compiles operators, and finds out which variables have a value behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from localdev.gateway.expressions import operators
from localdev.gateway.expressions.scope import Frame, Scope, Typed
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import BOOL, NULL

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler


def condition(
    compiler: Compiler, node: Node, scope: Scope
) -> tuple[Callable[[Frame], bool], set[str], set[str]]:
    """Compile what has to be a bool.

    Returns:
        what computes it; the variables that have a value if it is true, and if it is false.

    """
    value, if_true, if_false = _decision(compiler, node, scope)
    return compiler.converted(value, BOOL, node).run, if_true, if_false


def unary(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `!value` and `-value`."""
    sign = text(node.children[0])
    if sign == "!":
        return _decided(compiler, node, scope)
    return _negated(compiler, sign, compiler.expression(compiler.source.only(node), scope), node)


def binary(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile an operator between two values."""
    sign = text(compiler.field(node, "operator"))
    if sign in {"&&", "||"}:
        return _decided(compiler, node, scope)
    left = compiler.expression(compiler.field(node, "left"), scope)
    before = scope.assigned()
    right = compiler.expression(compiler.field(node, "right"), scope)
    if sign == "??":
        scope.restore(before)  # the right side may not have been computed
        return _coalesced(compiler, node, left, right)
    return compiler.operation(sign, left, right, node)


def conditional(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `condition ? value : value`."""
    holds, if_true, if_false = condition(compiler, compiler.field(node, "condition"), scope)
    scope.restore(if_true)
    first = compiler.expression(compiler.field(node, "consequence"), scope)
    after_first = scope.assigned()
    scope.restore(if_false)
    second = compiler.expression(compiler.field(node, "alternative"), scope)
    scope.restore(after_first & scope.assigned())
    pair = operators.unified(first, second)
    if pair is None:
        raise compiler.error(node, f"{first.type} and {second.type} have no common type")
    a, b = pair[0].run, pair[1].run
    return Typed(pair[0].type, lambda frame: a(frame) if holds(frame) else b(frame))


def _coalesced(compiler: Compiler, node: Node, left: Typed, right: Typed) -> Typed:
    if not left.type.nullable or left.type is NULL:
        raise compiler.error(node, f"the operator ?? does not take {left.type}")
    a, b = left.run, compiler.converted(right, left.type, node).run

    def either(frame: Frame) -> object:
        value = a(frame)
        return b(frame) if value is None else value

    return Typed(left.type, either)


def _decision(compiler: Compiler, node: Node, scope: Scope) -> tuple[Typed, set[str], set[str]]:
    """Compile an expression, and find out what is assigned if it is true, and if false.

    Source: the C# language specification, on definite assignment.
    """
    if node.type == "parenthesized_expression":
        return _decision(compiler, compiler.source.only(node), scope)
    if node.type == "prefix_unary_expression" and text(node.children[0]) == "!":
        operand, if_true, if_false = _decision(compiler, compiler.source.only(node), scope)
        return _negated(compiler, "!", operand, node), if_false, if_true
    sign = node.child_by_field_name("operator")
    if node.type != "binary_expression" or sign is None or text(sign) not in {"&&", "||"}:
        value = compiler.expression(node, scope)
        return value, scope.assigned(), scope.assigned()
    left, left_true, left_false = _decision(compiler, compiler.field(node, "left"), scope)
    scope.restore(left_true if text(sign) == "&&" else left_false)
    right, right_true, right_false = _decision(compiler, compiler.field(node, "right"), scope)
    value = compiler.operation(text(sign), left, right, node)
    if text(sign) == "&&":
        return value, right_true, left_false & right_false
    return value, left_true & right_true, right_false


def _decided(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    value, if_true, if_false = _decision(compiler, node, scope)
    scope.restore(if_true & if_false)
    return value


def _negated(compiler: Compiler, sign: str, operand: Typed, node: Node) -> Typed:
    try:
        result = operators.unary(sign, operand)
    except ArithmeticError as error:
        raise compiler.error(node, str(error)) from error
    if result is None:
        raise compiler.error(node, f"the operator {sign} does not take {operand.type}")
    return result
