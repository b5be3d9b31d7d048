"""Nodes of the syntax tree to expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from tree_sitter import Node

from tests.infra.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Interpolated,
    Lambda,
    Literal,
    Member,
    Name,
    Object,
    Operation,
    Property,
)
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.syntax import SyntaxFaultError, excerpt, named, nested, text_of

type Wrap = Callable[[Expression], Expression]


class Reader:
    """Makes expressions of the nodes of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place(self, node: Node) -> Place:
        """Return where a node begins."""
        return Place(self._path, node.start_point.row + 1)

    def expression(self, node: Node) -> Expression:
        """Return the expression that a node is.

        Raises:
            SyntaxFaultError: the node is of a kind that this reader does not know.

        """
        read = self._READERS.get(node.type)
        if read is None:
            finding = Finding(
                self.place(node),
                f"{node.type} {excerpt(node)!r} is not understood: write it otherwise",
            )
            raise SyntaxFaultError([finding])
        return read(self, node)

    def _all(self, node: Node, *but: str) -> tuple[Expression, ...]:
        return tuple(self.expression(child) for child in named(node, *but))

    def _field(self, node: Node, name: str) -> Expression:
        return self.expression(_child(node, name))

    def _string(self, node: Node) -> Expression:
        """Read a string from its source: the grammar has no node for an escaped dollar."""
        place, source = self.place(node), node.text or b""
        if source.startswith(b"'''"):
            return Literal(source[3:-3].decode().removeprefix("\n"), place=place)
        holes = [child for child in node.named_children if child.type == "interpolation"]
        pieces: list[Expression] = []
        position = 1
        for hole in holes:
            start, end = (at - node.start_byte for at in (hole.start_byte, hole.end_byte))
            pieces += [Literal(_unescaped(source[position:start]), place=place)]
            pieces += [self.expression(named(hole)[0])]
            position = end
        pieces += [Literal(_unescaped(source[position:-1]), place=place)]
        if not holes:
            return pieces[0]
        texts = [piece for piece in pieces if piece != Literal("", place=place)]
        return Interpolated(tuple(texts), place=place)

    def _number(self, node: Node) -> Expression:
        return Literal(int(text_of(node)), place=self.place(node))

    def _boolean(self, node: Node) -> Expression:
        return Literal(text_of(node) == "true", place=self.place(node))

    def _null(self, node: Node) -> Expression:
        return Literal(None, place=self.place(node))

    def _name(self, node: Node) -> Expression:
        return Name(text_of(node), place=self.place(node))

    def _array(self, node: Node) -> Expression:
        return Array(self._all(node), place=self.place(node))

    def _object(self, node: Node) -> Expression:
        """Read an object; nested resources are left to who reads the declaration."""
        made = [self._property(child) for child in named(node) if child not in nested(node)]
        return Object(tuple(made), place=self.place(node))

    def _property(self, node: Node) -> Property:
        key_node, value = named(node)
        key = self.expression(key_node) if key_node.type == "string" else text_of(key_node)
        if isinstance(key, Literal):
            key = str(key.value)
        assert isinstance(key, str | Interpolated), excerpt(node)
        return Property(key, self.expression(value), place=self.place(node))

    def _reading(self, node: Node) -> Expression:
        return self._wrapped(node, lambda whole: whole)

    def _wrapped(self, node: Node, wrap: Wrap) -> Expression:
        """Return what *wrap* makes of a node, or of its last operand.

        The grammar binds `.name` and `[index]` looser than every operator: it reads `a ?? b.name`
        as `(a ?? b).name`, and `x => x.name` as `(x => x).name`.
        """
        place = self.place(node)
        match node.type:
            case "member_expression":
                name = text_of(_child(node, "property"))
                safe = any(child.type == ".?" for child in node.children)
                return self._wrapped(
                    _child(node, "object"), lambda of: wrap(Member(of, name, safe, place=place))
                )
            case "subscript_expression":
                index = self._field(node, "index")
                return self._wrapped(
                    _child(node, "object"), lambda of: wrap(Index(of, index, place=place))
                )
        postponed = self._POSTPONED.get(node.type)
        return postponed(self, node, wrap) if postponed else wrap(self.expression(node))

    def _wrapped_call(self, node: Node, wrap: Wrap) -> Expression:
        function, place = _child(node, "function"), self.place(node)
        given = self._all(_child(node, "arguments"))
        if function.type != "member_expression":
            return wrap(Call(None, text_of(function), given, place=place))
        name = text_of(_child(function, "property"))

        def call(of: Expression) -> Expression:
            qualifier = isinstance(of, Name) and of.name in {"az", "sys"}
            return wrap(Call(None if qualifier else of, name, given, place=place))

        return self._wrapped(_child(function, "object"), call)

    def _nested(self, node: Node) -> Expression:
        """Read `parent::resource`; names of resources are unique in a file, see templates.py."""
        name = node.child_by_field_name("resource")
        assert name is not None, excerpt(node)
        return Name(text_of(name), place=self.place(node))

    def _ternary(self, node: Node, wrap: Wrap) -> Expression:
        then = self._field(node, "consequence")
        otherwise = self._wrapped(_child(node, "alternative"), wrap)
        place = self.place(node)
        return _below_lambda(
            self._field(node, "condition"), lambda it: Conditional(it, then, otherwise, place=place)
        )

    def _binary(self, node: Node, wrap: Wrap) -> Expression:
        operator = text_of(_child(node, "operator"))
        right, place = self._wrapped(_child(node, "right"), wrap), self.place(node)
        return _below_lambda(
            self._field(node, "left"), lambda left: Operation(operator, (left, right), place=place)
        )

    def _unary(self, node: Node, wrap: Wrap) -> Expression:
        operand = self._wrapped(_child(node, "argument"), wrap)
        operator = text_of(_child(node, "operator"))
        return Operation(operator, (operand,), place=self.place(node))

    def _lambda(self, node: Node, wrap: Wrap) -> Expression:
        first, body = named(node)
        names = [text_of(child) for child in named(first)] or [text_of(first)]
        return Lambda(tuple(names), self._wrapped(body, wrap), place=self.place(node))

    def _if(self, node: Node) -> Expression:
        condition, body = self._all(node)
        place = self.place(node)
        return Conditional(condition, body, Literal(None, place=place), place=place)

    def _for(self, node: Node) -> Expression:
        first, over, *_ = named(node)
        names = [text_of(child) for child in named(first)] or [text_of(first)]
        return For(
            tuple(names), self.expression(over), self._field(node, "body"), place=self.place(node)
        )

    def _inner(self, node: Node) -> Expression:
        return self.expression(named(node)[0])

    _POSTPONED: ClassVar[Mapping[str, Callable[[Reader, Node, Wrap], Expression]]] = {
        "call_expression": _wrapped_call,
        "ternary_expression": _ternary,
        "binary_expression": _binary,
        "unary_expression": _unary,
        "lambda_expression": _lambda,
    }

    _READERS: ClassVar[Mapping[str, Callable[[Reader, Node], Expression]]] = {
        "string": _string,
        "number": _number,
        "boolean": _boolean,
        "null": _null,
        "identifier": _name,
        "compatible_identifier": _name,
        "property_identifier": _name,
        "array": _array,
        "object": _object,
        "member_expression": _reading,
        "resource_expression": _nested,
        "subscript_expression": _reading,
        "call_expression": _reading,
        "ternary_expression": _reading,
        "binary_expression": _reading,
        "unary_expression": _reading,
        "if_statement": _if,
        "for_statement": _for,
        "lambda_expression": _reading,
        "parenthesized_expression": _inner,
    }


_ESCAPE = re.compile(r"\\(?:u\{(?P<code>[0-9A-Fa-f]+)\}|(?P<letter>.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}


def _unescaped(source: bytes) -> str:
    def character(match: re.Match[str]) -> str:
        code, letter = match["code"], match["letter"]
        return chr(int(code, 16)) if code else _LETTERS.get(letter, letter)

    return _ESCAPE.sub(character, source.decode())


def _child(node: Node, field: str) -> Node:
    child = node.child_by_field_name(field)
    assert child is not None, f"{node.type} has no {field}: {excerpt(node)}"
    return child


def _below_lambda(first: Expression, make: Wrap) -> Expression:
    """Return what *make* makes of *first*; of a lambda, of its body.

    The grammar binds `=>` tighter than what follows: it reads `x => x == 1` as `(x => x) == 1`.
    """
    if isinstance(first, Lambda):
        return replace(first, body=_below_lambda(first.body, make))
    return make(first)
