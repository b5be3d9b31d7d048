"""Compiler of expressions: turns each node of the parse tree into a type and a closure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from localdev.gateway.expressions import operators
from localdev.gateway.expressions.literals import LITERALS
from localdev.gateway.expressions.members import NAMED_TYPES
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.syntax import text, unsupported, words
from localdev.gateway.expressions.types import Type, implicit

type Handler = Callable[[Compiler, Node, Scope], Typed]
"""Compiles one kind of node."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiler of syntax nodes, with a handler for each supported kind."""

    handlers: Mapping[str, Handler]
    returned: Type
    """The type of the values that statements return."""

    def expression(self, node: Node, scope: Scope) -> Typed:
        """Compile an expression to a typed closure.

        Raises:
            ExpressionError: it is not understood, or its types do not fit.

        """
        if node.type in LITERALS:
            return self._literal(node)
        handler = self.handlers.get(node.type)
        if handler is None:
            raise unsupported(node, words(node))
        return handler(self, node, scope)

    def assignable(self, target: Node, scope: Scope) -> Type:
        """Return the type of the local variable that is the target of an assignment.

        Raises:
            ExpressionError: there is none.

        """
        type_ = scope.types.get(text(target))
        if type_ is None:
            raise unsupported(target, "what is assigned has to be a variable")
        return type_

    def converted(self, value: Typed, target: Type, node: Node) -> Typed:
        """Return a value after an implicit conversion to *target*.

        Raises:
            ExpressionError: it does not convert.

        """
        result = operators.converted(value, target, implicit(value.type, target))
        if result is None:
            raise unsupported(node, f"{value.type} does not convert to {target}")
        return result

    def type_named(self, node: Node) -> Type:
        """Return the type that a type name in the source means.

        Raises:
            ExpressionError: it is not known.

        """
        found = NAMED_TYPES.get(text(node))
        if found is None:
            raise unsupported(node, "this is no type that is known here")
        return found

    def _literal(self, node: Node) -> Typed:
        value = LITERALS[node.type](text(node))
        if value is None:
            raise unsupported(node, f"{words(node)} of this form")
        type_, constant = value
        return Typed(type_, lambda _: constant)
