"""Compiles names, member accesses, casts and operators."""

from __future__ import annotations

from tree_sitter import Node

from localdev.gateway.expressions import members, operators
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.context_members import CONTEXT
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.syntax import field, text, unsupported
from localdev.gateway.expressions.types import BOOL, explicit
from localdev.gateway.expressions.values import present

_ADVICE = "a generic call that follows a cast into a variable of its own"
"""The parser takes such a call for comparisons."""


def identifier(_: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a name that stands alone: a variable or `context`."""
    name = text(node)
    type_ = CONTEXT if name == "context" else scope.types.get(name)
    if type_ is not None:
        if name not in scope.assigned:
            raise unsupported(node, f"{name} may have no value yet", "a value where it is declared")
        return Typed(type_, lambda frame: frame[name])
    if name in members.NAMED_TYPES or name in members.STATIC_METHODS:
        raise unsupported(node, f"the type {name} stands where a value is needed", _ADVICE)
    raise unsupported(node, f"there is no {name}")


def member(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value.Member`, and the constants of types."""
    constant = members.CONSTANTS.get(text(node))
    if constant is not None:
        type_, value = constant
        return Typed(type_, lambda _: value)
    receiver, name = compiler.expression(field(node, "expression"), scope), field(node, "name")
    methods = members.METHODS.get(receiver.type, {})
    if any(method.startswith(f"{text(name)}<") for method in methods):
        raise unsupported(name, f"{text(name)} has to be called", _ADVICE)
    found = members.PROPERTIES.get(receiver.type, {}).get(text(name))
    if found is None:
        raise unsupported(name, f"{receiver.type} has no {text(name)}")
    read, of = found.read, receiver.run
    return Typed(found.type, lambda frame: read(present(of(frame))))


def cast(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `(Type)value`."""
    target = compiler.type_named(field(node, "type"))
    value = compiler.expression(field(node, "value"), scope)
    result = operators.converted(value, target, explicit(value.type, target))
    if result is None:
        raise unsupported(node, f"cast of {value.type} to {target}")
    return result


def negation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `!value`."""
    if text(node.children[0]) != "!":
        raise unsupported(node, f"operator {text(node.children[0])}")
    run = compiler.converted(compiler.expression(node.children[1], scope), BOOL, node).run
    return Typed(BOOL, lambda frame: not run(frame))


def binary(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a binary operator."""
    sign = text(field(node, "operator"))
    left = compiler.expression(field(node, "left"), scope)
    within = scope.inner() if sign in {"&&", "||"} else scope
    right = compiler.expression(field(node, "right"), within)
    result = operators.binary(sign, left, right)
    if result is None:
        raise unsupported(node, f"operator {sign} with {left.type} and {right.type}")
    return result


def conditional(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `condition ? value : value`."""
    condition = compiler.expression(field(node, "condition"), scope)
    holds = compiler.converted(condition, BOOL, node).run
    first = compiler.expression(field(node, "consequence"), scope.inner())
    second = compiler.expression(field(node, "alternative"), scope.inner())
    pair = operators.unified(first, second)
    if pair is None:
        raise unsupported(node, f"{first.type} and {second.type} have no common type")
    a, b = pair[0].run, pair[1].run
    return Typed(pair[0].type, lambda frame: a(frame) if holds(frame) else b(frame))
