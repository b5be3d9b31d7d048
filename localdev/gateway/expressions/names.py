"""Compiles identifiers, member accesses and casts."""

from __future__ import annotations

from tree_sitter import Node

from localdev.gateway.expressions import generics, members, operators
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.context_members import CONTEXT
from localdev.gateway.expressions.scope import Scope, Typed, checked_for_null
from localdev.gateway.expressions.syntax import error, field, text, unsupported
from localdev.gateway.expressions.types import explicit

_ADVICE = "put a generic call that follows a cast into a variable of its own"
"""The parser takes such a call for comparisons."""


def identifier(_: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a name that stands alone: a variable or `context`."""
    name = text(node)
    local = scope.locals.get(name)
    if local is not None:
        if not local.assigned:
            raise unsupported(node, f"{name} may have no value yet", "a value where it is declared")
        place = local.place
        return Typed(local.type, lambda frame: frame[place])
    if name == "context":
        return Typed(CONTEXT, lambda frame: frame[0])
    if name in members.NAMED_TYPES or name in members.STATIC_METHODS:
        raise error(node, f"the type {name} stands where a value is needed; {_ADVICE}")
    raise unsupported(node, f"there is no {name}")


def member(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value.Member`, and the constants of types."""
    constant = members.CONSTANTS.get(text(node))
    if constant is not None:
        return Typed(constant.type, constant.read)
    receiver, name = owner(compiler, node, scope), field(node, "name")
    if generics.is_generic(receiver.type, name):
        raise error(name, f"{text(name)} has to be called; {_ADVICE}")
    found = members.PROPERTIES.get(receiver.type, {}).get(text(name))
    if found is None:
        raise unsupported(name, f"{receiver.type} has no {text(name)}")
    read, of = found.read, checked_for_null(receiver)
    return Typed(found.type, lambda frame: read(of(frame)))


def owner(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile the receiver of a member access or an element access."""
    if text(node.children[1]) == "->":
        raise error(node, "there are no pointers")
    return compiler.child(node, "expression", scope)


def cast(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `(Type)value`."""
    target = compiler.type_named(field(node, "type"))
    value = compiler.child(node, "value", scope)
    result = operators.converted(value, target, explicit(value.type, target))
    if result is None:
        raise unsupported(node, f"cast of {value.type} to {target}")
    return result
