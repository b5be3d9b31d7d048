"""Compiles the creation of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.types import NULL, NUMBERS, Type, array

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler


def creation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `new[] {...}` and `new Type[] {...}`."""
    initializer = node.named_children[-1]
    if initializer.type != "initializer_expression":
        raise compiler.error(node, "an array needs its elements")
    items = [compiler.expression(item, scope) for item in initializer.named_children]
    type_node = node.child_by_field_name("type")
    if type_node is not None:
        type_ = compiler.type_named(type_node)
    elif any(child.type == "," for child in node.children):
        raise compiler.error(node, "an array has one dimension here")
    else:
        type_ = array(_common_type(compiler, node, items))
    if type_.of is None:
        raise compiler.error(node, "this is no array")
    runs = [compiler.converted(item, type_.of, node).run for item in items]
    return Typed(type_, lambda frame: [run(frame) for run in runs])


def _common_type(compiler: Compiler, node: Node, items: Sequence[Typed]) -> Type:
    """Return the type of an array that is told only its elements."""
    types = {item.type for item in items} - {NULL}
    if types and types <= set(NUMBERS):
        return max(types, key=NUMBERS.index)
    if len(types) != 1:
        raise compiler.error(node, "the elements have no common type")
    return types.pop()
