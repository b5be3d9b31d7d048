"""Compiler of expressions: turns each node of the parse tree into a type and a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from tree_sitter import Node

from localdev.gateway.expressions import calls, names, operations
from localdev.gateway.expressions.compile import Compile
from localdev.gateway.expressions.literals import LITERALS
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.syntax import text, words


class Compiler(Compile):
    """Compiler with a handler for each supported kind of node."""

    @override
    def expression(self, node: Node, scope: Scope) -> Typed:
        if node.type in LITERALS:
            return self._literal(node)
        handler = HANDLERS.get(node.type)
        if handler is None:
            raise self.unsupported(node, words(node))
        return handler(self, node, scope)

    def _literal(self, node: Node) -> Typed:
        value = LITERALS[node.type](text(node))
        if value is None:
            raise self.unsupported(node, f"{words(node)} of this form")
        type_, constant = value
        return Typed(type_, lambda _: constant)


def _parenthesized(compile_: Compile, node: Node, scope: Scope) -> Typed:
    return compile_.expression(compile_.source.only(node), scope)


type Handler = Callable[[Compile, Node, Scope], Typed]

HANDLERS: dict[str, Handler] = {
    "binary_expression": operations.binary,
    "cast_expression": names.cast,
    "conditional_expression": operations.conditional,
    "element_access_expression": calls.element,
    "identifier": names.identifier,
    "invocation_expression": calls.invocation,
    "member_access_expression": names.member,
    "object_creation_expression": calls.creation,
    "parenthesized_expression": _parenthesized,
    "prefix_unary_expression": operations.negation,
}
