"""Compiles expressions: every node of the syntax tree to a type and a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from localdev.gateway.expressions import calls, generics, operators
from localdev.gateway.expressions.context_members import CONTEXT
from localdev.gateway.expressions.errors import ExpressionError
from localdev.gateway.expressions.literals import literal, unescape
from localdev.gateway.expressions.members import CONSTANTS, NAMED_TYPES, STATIC_METHODS, property_of
from localdev.gateway.expressions.scope import Frame, Scope, Typed, present
from localdev.gateway.expressions.syntax import Source, field, named, text, words
from localdev.gateway.expressions.types import (
    BOOL,
    NULL,
    STRING,
    Converter,
    Type,
    array,
    explicit,
    implicit,
)
from localdev.gateway.expressions.values import render

if TYPE_CHECKING:
    from tree_sitter import Node


_ADVICE = "put a generic call that follows a cast into a variable of its own"
"""The parser takes such a call for comparisons."""


class Compiler:
    """Compiles the nodes of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def error(self, node: Node, what: str) -> ExpressionError:
        """Return the error that says *what* is wrong with a node."""
        return self.source.error(node, what)

    def expression(self, node: Node, scope: Scope) -> Typed:
        """Compile an expression.

        Raises:
            ExpressionError: it is not understood, or its types do not fit.

        """
        value = literal(node.type, text(node))
        if value is not None:
            type_, constant = value
            return Typed(type_, lambda _: constant)
        handler = _HANDLERS.get(node.type)
        if handler is None:
            raise self.error(node, f"a {words(node)} is not supported")
        return handler(self, node, scope)

    def condition(self, node: Node, scope: Scope) -> Callable[[Frame], bool]:
        """Compile what has to be a bool."""
        return self.converted(self.expression(node, scope), BOOL, node).run

    def converted(self, value: Typed, target: Type, node: Node) -> Typed:
        """Return a value as C# converts it without a cast.

        Raises:
            ExpressionError: it does not convert.

        """
        result = operators.converted(value, target, implicit(value.type, target))
        if result is None:
            raise self.error(node, f"{value.type} does not convert to {target}")
        return result

    def type_named(self, node: Node) -> Type:
        """Return the type that is written.

        Raises:
            ExpressionError: it is not known.

        """
        if node.type == "array_type":
            return array(self.type_named(field(node, "type")))
        found = NAMED_TYPES.get(text(node))
        if found is None:
            raise self.error(node, f"{text(node)} is no type that expressions may use")
        return found

    def _identifier(self, node: Node, scope: Scope) -> Typed:
        name = text(node)
        local = scope.locals.get(name)
        if local is not None:
            if not local.assigned:
                raise self.error(node, f"{name} may have no value yet")
            place = local.place
            return Typed(local.type, lambda frame: frame[place])
        if name == "context":
            return Typed(CONTEXT, lambda frame: frame[0])
        if name in NAMED_TYPES or name in STATIC_METHODS:
            raise self.error(node, f"the type {name} stands where a value is needed; {_ADVICE}")
        raise self.error(node, f"there is no {name}")

    def _parenthesized(self, node: Node, scope: Scope) -> Typed:
        (inner,) = named(self.source, node)
        return self.expression(inner, scope)

    def _member(self, node: Node, scope: Scope) -> Typed:
        constant = CONSTANTS.get(text(node))
        if constant is not None:
            return Typed(constant.type, constant.read)
        receiver_node, name = field(node, "expression"), text(field(node, "name"))
        receiver = self.expression(receiver_node, scope)
        member = property_of(receiver.type, name)
        if member is None and generics.find(receiver.type, field(node, "name")) is not None:
            raise self.error(node, f"{name} has to be called; {_ADVICE}")
        if member is None:
            raise self.error(field(node, "name"), f"{receiver.type} has no {name}")
        read, of = member.read, present(receiver)
        return Typed(member.type, lambda frame: read(of(frame)))

    def _cast(self, node: Node, scope: Scope) -> Typed:
        target, value_node = self.type_named(field(node, "type")), field(node, "value")
        value = self.expression(value_node, scope)
        convert: Converter | None = explicit(value.type, target)
        result = operators.converted(value, target, convert)
        if result is None:
            raise self.error(node, f"{value.type} cannot be cast to {target}")
        return result

    def _unary(self, node: Node, scope: Scope) -> Typed:
        (operand_node,) = named(self.source, node)
        operand = self.expression(operand_node, scope)
        sign = text(node.children[0])
        result = operators.unary(sign, operand)
        if result is None:
            raise self.error(node, f"the operator {sign} does not take {operand.type}")
        return result

    def _binary(self, node: Node, scope: Scope) -> Typed:
        sign = text(field(node, "operator"))
        left = self.expression(field(node, "left"), scope)
        before = scope.assigned()
        right = self.expression(field(node, "right"), scope)
        if sign in {"&&", "||", "??"}:
            scope.restore(before)  # the right side may not have been computed
        if sign == "??":
            return self._coalesced(node, left, right)
        result = operators.binary(sign, left, right)
        if result is None:
            types = f"{left.type} and {right.type}"
            raise self.error(node, f"the operator {sign} does not take {types}")
        return result

    def _coalesced(self, node: Node, left: Typed, right: Typed) -> Typed:
        if not left.type.nullable or left.type is NULL:
            raise self.error(node, f"the operator ?? does not take {left.type}")
        a, b = left.run, self.converted(right, left.type, node).run

        def either(frame: Frame) -> object:
            value = a(frame)
            return b(frame) if value is None else value

        return Typed(left.type, either)

    def _conditional(self, node: Node, scope: Scope) -> Typed:
        condition = self.condition(field(node, "condition"), scope)
        before = scope.assigned()
        first = self.expression(field(node, "consequence"), scope)
        scope.restore(before)
        second = self.expression(field(node, "alternative"), scope)
        scope.restore(before)
        pair = operators.unified(first, second)
        if pair is None:
            raise self.error(node, f"{first.type} and {second.type} have no common type")
        a, b = pair[0].run, pair[1].run
        return Typed(pair[0].type, lambda frame: a(frame) if condition(frame) else b(frame))

    def _new_array(self, node: Node, scope: Scope) -> Typed:
        initializer = next(
            (child for child in node.named_children if child.type == "initializer_expression"), None
        )
        if initializer is None:
            raise self.error(node, "an array needs its elements")
        items = [self.expression(item, scope) for item in named(self.source, initializer)]
        type_node = node.child_by_field_name("type")
        type_ = self.type_named(type_node) if type_node is not None else array(items[0].type)
        if type_.of is None:
            raise self.error(node, "this is no array")
        runs = [self.converted(item, type_.of, node).run for item in items]
        return Typed(type_, lambda frame: [run(frame) for run in runs])

    def _content(self, node: Node) -> Callable[[Frame], str]:
        content = unescape(text(node))
        if content is None:
            raise self.error(node, "this escape sequence is not supported")
        return _always(content)

    def _interpolated(self, node: Node, scope: Scope) -> Typed:
        parts: list[Callable[[Frame], str]] = []
        for child in node.named_children:
            if child.type == "interpolation":
                inner = [part for part in named(self.source, child) if "brace" not in part.type]
                if len(inner) != 1:
                    raise self.error(child, "a format in an interpolation is not supported")
                run = self.expression(inner[0], scope).run
                parts.append(_rendered(run))
            elif child.type != "interpolation_start":
                parts.append(self._content(child))
        return Typed(STRING, lambda frame: "".join(part(frame) for part in parts))


def _always(value: str) -> Callable[[Frame], str]:
    return lambda _: value


def _rendered(run: Callable[[Frame], object]) -> Callable[[Frame], str]:
    return lambda frame: render(run(frame))


type Handler = Callable[[Compiler, Node, Scope], Typed]

_HANDLERS: Mapping[str, Handler] = {
    "array_creation_expression": Compiler._new_array,  # noqa: SLF001 - the class above
    "binary_expression": Compiler._binary,  # noqa: SLF001
    "cast_expression": Compiler._cast,  # noqa: SLF001
    "conditional_expression": Compiler._conditional,  # noqa: SLF001
    "element_access_expression": calls.element,
    "identifier": Compiler._identifier,  # noqa: SLF001
    "implicit_array_creation_expression": Compiler._new_array,  # noqa: SLF001
    "interpolated_string_expression": Compiler._interpolated,  # noqa: SLF001
    "invocation_expression": calls.invocation,
    "member_access_expression": Compiler._member,  # noqa: SLF001
    "object_creation_expression": calls.creation,
    "parenthesized_expression": Compiler._parenthesized,  # noqa: SLF001
    "prefix_unary_expression": Compiler._unary,  # noqa: SLF001
}
