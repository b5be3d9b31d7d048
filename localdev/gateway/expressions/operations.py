"""Compiles operator expressions."""

from __future__ import annotations

from tree_sitter import Node

from localdev.gateway.expressions import operators
from localdev.gateway.expressions.compile import Compile
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import BOOL


def negation(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile `!value`."""
    if text(node.children[0]) != "!":
        raise compile_.unsupported(node, f"operator {text(node.children[0])}")
    run = compile_.converted(compile_.expression(node.children[1], scope), BOOL, node).run
    return Typed(BOOL, lambda frame: not run(frame))


def binary(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile a binary operator."""
    sign, right = text(compile_.field(node, "operator")), compile_.field(node, "right")
    left = compile_.expression(compile_.field(node, "left"), scope)
    needed = compile_.possible if sign in {"&&", "||"} else compile_.expression
    second = needed(right, scope)
    result = operators.binary(sign, left, second)
    if result is None:
        types = f"{left.type} and {second.type}"
        raise compile_.unsupported(node, f"operator {sign} with {types}")
    return result


def conditional(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile `condition ? value : value`."""
    condition = compile_.expression(compile_.field(node, "condition"), scope)
    holds = compile_.converted(condition, BOOL, node).run
    first = compile_.possible(compile_.field(node, "consequence"), scope)
    second = compile_.possible(compile_.field(node, "alternative"), scope)
    pair = operators.unified(first, second)
    if pair is None:
        raise compile_.unsupported(node, f"{first.type} and {second.type} have no common type")
    a, b = pair[0].run, pair[1].run
    return Typed(pair[0].type, lambda frame: a(frame) if holds(frame) else b(frame))
