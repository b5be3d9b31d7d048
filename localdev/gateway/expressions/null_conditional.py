"""Compiles chains of members, items and calls with a `?.` in them.

In `a?.b.c` the parser sees `.c` of `a?.b`, but C# leaves out all of the rest if `a` is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from localdev.gateway.expressions import calls, names
from localdev.gateway.expressions.scope import Frame, Scope, Typed

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler

_CHAIN: Mapping[str, str] = {
    "element_access_expression": "expression",
    "invocation_expression": "function",
    "member_access_expression": "expression",
}
_PRIMARY = {
    *_CHAIN,
    "conditional_access_expression",
    "identifier",
    "object_creation_expression",
    "parenthesized_expression",
}


def conditional_access(node: Node) -> Node | None:
    """Return the last conditional access in a chain of members, items and calls."""
    while node.type in _CHAIN:
        inner = node.child_by_field_name(_CHAIN[node.type])
        if inner is None:
            return None
        node = inner
    return node if node.type == "conditional_access_expression" else None


def chain(compiler: Compiler, node: Node, conditional: Node, scope: Scope) -> Typed:
    """Compile a chain of members: all of it is null if what is before the `?` is null."""
    condition = compiler.field(conditional, "condition")
    if condition.type not in _PRIMARY:
        # The parser takes `(string)a?.b` for `((string)a)?.b`, and `a + b?.c` for `(a + b)?.c`.
        raise compiler.error(condition, "put parentheses around the chain with the ?. in it")
    value = compiler.expression(condition, scope)
    if not value.type.nullable:
        raise compiler.error(condition, f"{value.type} is never null")
    place = scope.place()
    compiler.bound[conditional.id] = Typed(value.type, lambda frame: frame[place])
    before = scope.assigned()
    found = compiler.link(node, scope)
    scope.restore(before)
    if not found.type.nullable:
        raise compiler.error(node, f"a {found.type} that may be null is not supported")
    check, run = value.run, found.run

    def follow(frame: Frame) -> object:
        frame[place] = check(frame)
        return None if frame[place] is None else run(frame)

    return Typed(found.type, follow)


def binding(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile the part of a conditional access behind the `?`."""
    receiver, part = compiler.bound[node.id], node.named_children[-1]
    if part.type == "member_binding_expression":
        return names.property_of(compiler, receiver, compiler.field(part, "name"))
    return calls.index(compiler, part, receiver, part.named_children, scope)
