"""Compiles names, members, and the types written in casts and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localdev.gateway.expressions import generics, members, operators
from localdev.gateway.expressions.context_members import CONTEXT
from localdev.gateway.expressions.scope import Frame, Scope, Typed, present
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import BOOL, Type, explicit, test

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler

_ADVICE = "put a generic call that follows a cast into a variable of its own"
"""The parser takes such a call for comparisons."""


def identifier(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a name that stands alone: a variable or `context`."""
    name = text(node)
    local = scope.locals.get(name)
    if local is not None:
        if not local.assigned:
            raise compiler.error(node, f"{name} may have no value yet")
        place = local.place
        return Typed(local.type, lambda frame: frame[place])
    if name == "context":
        return Typed(CONTEXT, lambda frame: frame[0])
    if name in members.NAMED_TYPES or name in members.STATIC_METHODS:
        raise compiler.error(node, f"the type {name} stands where a value is needed; {_ADVICE}")
    raise compiler.error(node, f"there is no {name}")


def member(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value.Member`, and the constants of types."""
    constant = members.CONSTANTS.get(text(node))
    if constant is not None:
        return Typed(constant.type, constant.read)
    return property_of(compiler, compiler.receiver(node, scope), compiler.field(node, "name"))


def property_of(compiler: Compiler, receiver: Typed, name: Node) -> Typed:
    """Return what reads a property of a value.

    Raises:
        ExpressionError: there is none of that name.

    """
    found = members.property_of(receiver.type, text(name))
    if found is None and generics.find(receiver.type, name) is not None:
        raise compiler.error(name, f"{text(name)} has to be called; {_ADVICE}")
    if found is None:
        raise compiler.error(name, f"{receiver.type} has no {text(name)}")
    read, of = found.read, present(receiver)
    return Typed(found.type, lambda frame: read(of(frame)))


def cast(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `(Type)value`."""
    target = compiler.type_named(compiler.field(node, "type"))
    value = compiler.expression(compiler.field(node, "value"), scope)
    result = operators.converted(value, target, explicit(value.type, target))
    if result is None:
        raise compiler.error(node, f"{value.type} cannot be cast to {target}")
    return result


def is_or_as(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value as Type`, and `value is Type` where the type is a keyword."""
    value = compiler.expression(compiler.field(node, "left"), scope)
    target = compiler.type_named(compiler.field(node, "right"))
    if text(compiler.field(node, "operator")) == "is":
        return _is(compiler, value, target, node)
    fits, run = test(value.type, target), value.run
    if fits is None or not target.nullable:
        raise compiler.error(node, f"{value.type} as {target} is not supported")

    def converted(frame: Frame) -> object:
        found = run(frame)
        return found if fits(found) else None

    return Typed(target, converted)


def is_pattern(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value is Type` where the parser cannot know that it is a type."""
    value = compiler.expression(compiler.field(node, "expression"), scope)
    pattern = compiler.field(node, "pattern")
    if pattern.type != "constant_pattern" or pattern.children[0].type != "identifier":
        # The parser takes `a is B && c` for `a is (B && c)`.
        raise compiler.error(node, "only `(value is Type)` is supported, in parentheses")
    return _is(compiler, value, compiler.type_named(pattern), node)


def _is(compiler: Compiler, value: Typed, target: Type, node: Node) -> Typed:
    fits, run = test(value.type, target), value.run
    if fits is None:
        raise compiler.error(node, f"{value.type} is {target} is not supported")
    return Typed(BOOL, lambda frame: fits(run(frame)))
