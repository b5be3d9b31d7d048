"""Compiles identifiers, member accesses and casts."""

from __future__ import annotations

from tree_sitter import Node

from localdev.gateway.expressions import generics, members, operators
from localdev.gateway.expressions.compile import Compile
from localdev.gateway.expressions.context_members import CONTEXT
from localdev.gateway.expressions.scope import Scope, Typed, present
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import explicit

_ADVICE = "put a generic call that follows a cast into a variable of its own"
"""The parser takes such a call for comparisons."""


def identifier(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile a name that stands alone: a variable or `context`."""
    name = text(node)
    local = scope.locals.get(name)
    if local is not None:
        if not local.assigned:
            raise compile_.unsupported(
                node, f"{name} may have no value yet", "a value where it is declared"
            )
        place = local.place
        return Typed(local.type, lambda frame: frame[place])
    if name == "context":
        return Typed(CONTEXT, lambda frame: frame[0])
    if name in members.NAMED_TYPES or name in members.STATIC_METHODS:
        raise compile_.error(node, f"the type {name} stands where a value is needed; {_ADVICE}")
    raise compile_.unsupported(node, f"there is no {name}")


def member(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile `value.Member`, and the constants of types."""
    constant = members.CONSTANTS.get(text(node))
    if constant is not None:
        return Typed(constant.type, constant.read)
    receiver, name = owner(compile_, node, scope), compile_.field(node, "name")
    if generics.is_generic(receiver.type, name):
        raise compile_.error(name, f"{text(name)} has to be called; {_ADVICE}")
    found = members.property_of(receiver.type, text(name))
    if found is None:
        raise compile_.unsupported(name, f"{receiver.type} has no {text(name)}")
    read, of = found.read, present(receiver)
    return Typed(found.type, lambda frame: read(of(frame)))


def owner(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile the receiver of a member access or an element access."""
    if text(node.children[1]) == "->":
        raise compile_.error(node, "there are no pointers")
    return compile_.expression(compile_.field(node, "expression"), scope)


def cast(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile `(Type)value`."""
    target = compile_.type_named(compile_.field(node, "type"))
    value = compile_.expression(compile_.field(node, "value"), scope)
    result = operators.converted(value, target, explicit(value.type, target))
    if result is None:
        raise compile_.unsupported(node, f"cast of {value.type} to {target}")
    return result
