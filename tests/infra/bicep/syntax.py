"""Text of Bicep to expressions, by tree-sitter; where the grammar errs, so does this, loudly."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

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

_PARSER = Parser(Language(tree_sitter_bicep.language()))


class SyntaxFaultError(Exception):
    """A file cannot be read; *findings* say where."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} places cannot be parsed")
        self.findings = findings


def parse(path: Path) -> Node:
    """Return the syntax tree of a file.

    Raises:
        SyntaxFaultError: something in it is no Bicep, or Bicep that not every tool can read.

    """
    root = _PARSER.parse(path.read_bytes()).root_node
    if root.has_error:
        raise SyntaxFaultError(
            [
                Finding(
                    Place(path, node.start_point.row + 1),
                    f"cannot be parsed at {_excerpt(node)!r}: correct it, or write it more simply "
                    "(no spread, no `extension`, ternaries on one line, lambdas of one argument)",
                )
                for node in _faults(root)
            ]
        )
    return root


def _faults(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _faults(child)


def _excerpt(node: Node) -> str:
    text = node.text or b""
    return text.decode(errors="replace").strip().partition("\n")[0][:60] or node.type


def text_of(node: Node) -> str:
    """Return the source text of a node."""
    return (node.text or b"").decode()


def named(node: Node, *but: str) -> list[Node]:
    """Return the named children, without comments and those of the kinds *but*."""
    return [
        child
        for child in node.named_children
        if child.type not in {"comment", "diagnostic_comment", *but}
    ]


def nested(node: Node) -> list[Node]:
    """Return the members of an object that declare a resource."""
    return [
        child
        for child in named(node)
        if any(each.type == "resource_declaration" for each in child.named_children)
    ]


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
                f"{node.type} {_excerpt(node)!r} is not understood: write it otherwise",
            )
            raise SyntaxFaultError([finding])
        return read(self, node)

    def _all(self, node: Node, *but: str) -> tuple[Expression, ...]:
        return tuple(self.expression(child) for child in named(node, *but))

    def _field(self, node: Node, name: str) -> Expression:
        child = node.child_by_field_name(name)
        assert child is not None, f"{node.type} has no {name}: {_excerpt(node)}"
        return self.expression(child)

    def _string(self, node: Node) -> Expression:
        texts: list[Expression] = []
        verbatim = text_of(node).startswith("'''")
        for child in node.named_children:
            if child.type == "interpolation":
                texts.append(self.expression(named(child)[0]))
                continue
            text = text_of(child)
            if child.type == "escape_sequence":
                text = text.replace("\\$", "$").replace("\\'", "'")
                text = codecs.decode(text, "unicode_escape") if text.startswith("\\") else text
            before = texts[-1] if texts else None
            if isinstance(before, Literal) and isinstance(before.value, str):
                texts[-1] = replace(before, value=before.value + text)
            else:
                texts.append(Literal(text, place=self.place(child)))
        place = self.place(node)
        match texts:
            case []:
                return Literal("", place=place)
            case [Literal(value=str(text))] if "${" not in text_of(node) or verbatim:
                return Literal(text.removeprefix("\n") if verbatim else text, place=place)
            case _:
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
        assert isinstance(key, str | Interpolated), _excerpt(node)
        return Property(key, self.expression(value), place=self.place(node))

    def _member(self, node: Node) -> Expression:
        name = node.child_by_field_name("property")
        assert name is not None, _excerpt(node)
        place = self.place(node)
        safe = any(child.type == ".?" for child in node.children)
        return _below_lambda(
            self._field(node, "object"), lambda of: Member(of, text_of(name), safe, place=place)
        )

    def _nested(self, node: Node) -> Expression:
        """Read `parent::resource`; names of resources are unique in a file, see templates.py."""
        name = node.child_by_field_name("resource")
        assert name is not None, _excerpt(node)
        return Name(text_of(name), place=self.place(node))

    def _index(self, node: Node) -> Expression:
        index, place = self._field(node, "index"), self.place(node)
        return _below_lambda(self._field(node, "object"), lambda of: Index(of, index, place=place))

    def _call(self, node: Node) -> Expression:
        arguments = node.child_by_field_name("arguments")
        assert arguments is not None, _excerpt(node)
        given, place = self._all(arguments), self.place(node)

        def call(function: Expression) -> Expression:
            match function:
                case Member(of=Name(name="az" | "sys"), name=name) | Name(name=name):
                    return Call(None, name, given, place=place)
                case Member(of=of, name=name):
                    return Call(of, name, given, place=place)
            raise AssertionError(_excerpt(node))

        return _below_lambda(self._field(node, "function"), call)

    def _ternary(self, node: Node) -> Expression:
        then, otherwise = self._field(node, "consequence"), self._field(node, "alternative")
        place = self.place(node)
        return _below_lambda(
            self._field(node, "condition"), lambda it: Conditional(it, then, otherwise, place=place)
        )

    def _binary(self, node: Node) -> Expression:
        operator = node.child_by_field_name("operator")
        assert operator is not None, _excerpt(node)
        right, place = self._field(node, "right"), self.place(node)
        return _below_lambda(
            self._field(node, "left"),
            lambda left: Operation(text_of(operator), (left, right), place=place),
        )

    def _unary(self, node: Node) -> Expression:
        operator = node.child_by_field_name("operator")
        assert operator is not None, _excerpt(node)
        operand = self._field(node, "argument")
        return Operation(text_of(operator), (operand,), place=self.place(node))

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

    def _lambda(self, node: Node) -> Expression:
        first, body = named(node)
        names = [text_of(child) for child in named(first)] or [text_of(first)]
        return Lambda(tuple(names), self.expression(body), place=self.place(node))

    def _inner(self, node: Node) -> Expression:
        return self.expression(named(node)[0])

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
        "member_expression": _member,
        "resource_expression": _nested,
        "subscript_expression": _index,
        "call_expression": _call,
        "ternary_expression": _ternary,
        "binary_expression": _binary,
        "unary_expression": _unary,
        "if_statement": _if,
        "for_statement": _for,
        "lambda_expression": _lambda,
        "parenthesized_expression": _inner,
    }


def _below_lambda(first: Expression, make: Callable[[Expression], Expression]) -> Expression:
    """Return what *make* makes of *first*; of a lambda, of its body.

    The grammar binds `=>` tighter than what follows: it reads `x => x.name` as `(x => x).name`.
    """
    if isinstance(first, Lambda):
        return replace(first, body=_below_lambda(first.body, make))
    return make(first)
