"""Base class of the expression compiler, which the handlers of syntax nodes call back."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from localdev.gateway.expressions import operators
from localdev.gateway.expressions.members import NAMED_TYPES
from localdev.gateway.expressions.scope import Local, Scope, Typed
from localdev.gateway.expressions.syntax import Source, text
from localdev.gateway.expressions.types import Type, implicit


class Compile(ABC):
    """Compiler of the syntax nodes of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.error, self.unsupported, self.field = source.error, source.unsupported, source.field

    @abstractmethod
    def expression(self, node: Node, scope: Scope) -> Typed:
        """Compile an expression to a typed closure.

        Raises:
            ExpressionError: it is not understood, or its types do not fit.

        """

    def possible(self, node: Node, scope: Scope) -> Typed:
        """Compile an operand that may not be evaluated: it assigns no variable definitely."""
        before = scope.assigned()
        value = self.expression(node, scope)
        scope.restore(before)
        return value

    def assignable(self, target: Node, scope: Scope) -> Local:
        """Return the local variable that is the target of an assignment.

        Raises:
            ExpressionError: there is none.

        """
        local = scope.locals.get(text(target))
        if local is None:
            raise self.unsupported(target, "what is assigned has to be a variable")
        return local

    def converted(self, value: Typed, target: Type, node: Node) -> Typed:
        """Return a value after an implicit conversion to *target*.

        Raises:
            ExpressionError: it does not convert.

        """
        result = operators.converted(value, target, implicit(value.type, target))
        if result is None:
            raise self.unsupported(node, f"{value.type} does not convert to {target}")
        return result

    def type_named(self, node: Node) -> Type:
        """Return the type that a type name in the source means.

        Raises:
            ExpressionError: it is not known.

        """
        found = NAMED_TYPES.get(text(node))
        if found is None:
            raise self.unsupported(node, "this is no type that is known here")
        return found
