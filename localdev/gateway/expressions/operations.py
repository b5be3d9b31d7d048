"""Compiles operator expressions."""

from __future__ import annotations

from tree_sitter import Node

from localdev.gateway.expressions import operators
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.syntax import field, text, unsupported
from localdev.gateway.expressions.types import BOOL


def negation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `!value`."""
    if text(node.children[0]) != "!":
        raise unsupported(node, f"operator {text(node.children[0])}")
    run = compiler.converted(compiler.expression(node.children[1], scope), BOOL, node).run
    return Typed(BOOL, lambda frame: not run(frame))


def binary(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a binary operator."""
    sign, right = text(field(node, "operator")), field(node, "right")
    left = compiler.child(node, "left", scope)
    needed = compiler.possible if sign in {"&&", "||"} else compiler.expression
    second = needed(right, scope)
    result = operators.binary(sign, left, second)
    if result is None:
        types = f"{left.type} and {second.type}"
        raise unsupported(node, f"operator {sign} with {types}")
    return result


def conditional(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `condition ? value : value`."""
    condition = compiler.child(node, "condition", scope)
    holds = compiler.converted(condition, BOOL, node).run
    first = compiler.possible(field(node, "consequence"), scope)
    second = compiler.possible(field(node, "alternative"), scope)
    pair = operators.unified(first, second)
    if pair is None:
        raise unsupported(node, f"{first.type} and {second.type} have no common type")
    a, b = pair[0].run, pair[1].run
    return Typed(pair[0].type, lambda frame: a(frame) if holds(frame) else b(frame))
