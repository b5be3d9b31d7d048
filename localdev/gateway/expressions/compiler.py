"""Compiles expressions: every node of the syntax tree to a type and a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from localdev.gateway.expressions import (
    arrays,
    calls,
    interpolation,
    names,
    null_conditional,
    operations,
    operators,
)
from localdev.gateway.expressions.literals import literal
from localdev.gateway.expressions.members import NAMED_TYPES
from localdev.gateway.expressions.scope import Local, Scope, Typed
from localdev.gateway.expressions.syntax import Source, text, words
from localdev.gateway.expressions.types import INT, LONG, Type, array, implicit

if TYPE_CHECKING:
    from tree_sitter import Node


class Compiler:
    """Compiles the nodes of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.error, self.field = source.error, source.field
        self.bound: dict[int, Typed] = {}
        """The values before `?.`, where they are there, by the ids of the nodes that test them."""

    def expression(self, node: Node, scope: Scope) -> Typed:
        """Compile an expression.

        Raises:
            ExpressionError: it is not understood, or its types do not fit.

        """
        conditional = null_conditional.conditional_access(node)
        if conditional is not None:
            return null_conditional.chain(self, node, conditional, scope)
        return self.link(node, scope)

    def link(self, node: Node, scope: Scope) -> Typed:
        """Compile an expression; of a chain of members with a `?.` in it, a part."""
        value = literal(node.type, text(node))
        if value is not None:
            type_, constant = value
            number = constant if type_ in {INT, LONG} and isinstance(constant, int) else None
            return Typed(type_, lambda _: constant, number)
        handler = _HANDLERS.get(node.type)
        if handler is None:
            raise self.error(node, f"a {words(node)} is not supported")
        return handler(self, node, scope)

    def receiver(self, node: Node, scope: Scope) -> Typed:
        """Compile what a node takes a member or an item of."""
        if text(node.children[1]) == "->":
            raise self.error(node, "there are no pointers")
        return self.link(self.field(node, "expression"), scope)

    def arguments(self, node: Node, scope: Scope) -> Sequence[Typed]:
        """Compile the arguments of a call that assigns none of them."""
        return calls.plain_arguments(self, node, scope)

    def declare(
        self, name: Node, type_: Type, scope: Scope, *, assigned: bool, fixed: bool = False
    ) -> Local:
        """Add a variable to a scope."""
        if scope.has(text(name)):
            raise self.error(name, f"there is a {text(name)} already")
        return scope.declare(text(name), type_, assigned=assigned, fixed=fixed)

    def assignable(self, target: Node, scope: Scope) -> Local:
        """Return the variable that is assigned."""
        local = scope.locals.get(text(target))
        if local is None or local.fixed:
            raise self.error(target, f"there is no variable {text(target)} to assign")
        return local

    def converted(self, value: Typed, target: Type, node: Node) -> Typed:
        """Return a value as C# converts it without a cast.

        Raises:
            ExpressionError: it does not convert.

        """
        result = operators.converted(value, target, implicit(value.type, target))
        if result is None:
            raise self.error(node, f"{value.type} does not convert to {target}")
        return result

    def operation(self, sign: str, left: Typed, right: Typed, node: Node) -> Typed:
        """Return what a binary operator makes of two values.

        Raises:
            ExpressionError: it does not take their types, or their constants.

        """
        try:
            result = operators.binary(sign, left, right)
        except ArithmeticError as error:
            raise self.error(node, str(error)) from error
        if result is None:
            types = f"{left.type} and {right.type}"
            raise self.error(node, f"the operator {sign} does not take {types}")
        return result

    def type_named(self, node: Node) -> Type:
        """Return the type that is written.

        Raises:
            ExpressionError: it is not known.

        """
        if node.type == "array_type" and text(self.field(node, "rank")) == "[]":
            return array(self.type_named(self.field(node, "type")))
        found = NAMED_TYPES.get(text(node))
        if found is None:
            raise self.error(node, f"{text(node)} is no type that expressions may use")
        return found

    def _parenthesized(self, node: Node, scope: Scope) -> Typed:
        return self.expression(self.source.only(node), scope)


type Handler = Callable[[Compiler, Node, Scope], Typed]

_HANDLERS: Mapping[str, Handler] = {
    "array_creation_expression": arrays.creation,
    "as_expression": names.is_or_as,
    "binary_expression": operations.binary,
    "cast_expression": names.cast,
    "conditional_access_expression": null_conditional.binding,
    "conditional_expression": operations.conditional,
    "element_access_expression": calls.element,
    "identifier": names.identifier,
    "implicit_array_creation_expression": arrays.creation,
    "interpolated_string_expression": interpolation.interpolated,
    "invocation_expression": calls.invocation,
    "is_expression": names.is_or_as,
    "is_pattern_expression": names.is_pattern,
    "member_access_expression": names.member,
    "object_creation_expression": calls.creation,
    "parenthesized_expression": Compiler._parenthesized,  # noqa: SLF001 - the class above
    "prefix_unary_expression": operations.unary,
}
