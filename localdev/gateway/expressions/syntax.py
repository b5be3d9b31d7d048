"""Parser of C#: the parse tree, and the positions of its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from localdev.gateway.expressions.errors import ExpressionError, UnsupportedError

_KEYWORD = re.compile(
    r"""
    abstract | as | base | bool | break | byte | case | catch | char | checked | class | const
    | continue | decimal | default | delegate | do | double | else | enum | event | explicit |
    extern | false | finally | fixed | float | for | foreach | goto | if | implicit | in | int
    | interface | internal | is | lock | long | namespace | new | null | object | operator |
    out | override | params | private | protected | public | readonly | ref | return | sbyte |
    sealed | short | sizeof | stackalloc | static | string | struct | switch | this | throw |
    true | try | typeof | uint | ulong | unchecked | unsafe | ushort | using | virtual | void
    | volatile | while
    """,
    re.VERBOSE,
)
_INSTEAD = {
    "??": "a == null ? b : a",
    "+=": "a = a + b",
    "as": "a cast: (Type)value",
    "conditional_access_expression": "a == null ? b : a.Member",
    "declaration_expression": "the declaration before the call",
    "interpolated_string_expression": '"text" + value',
}
"""What says the same, by the operator or the kind of node that is not supported."""
_QUOTED = 40
"""Characters of what is wrong that an error shows."""
_PARSER = Parser(Language(tree_sitter_c_sharp.language()))


@dataclass(frozen=True, slots=True)
class Source:
    """Source code of an expression, with the code around it that makes it parseable."""

    text: bytes
    prefix: bytes = b""
    suffix: bytes = b""

    def error(self, node: Node, what: str) -> ExpressionError:
        """Return the error *what* at the position of a node."""
        return ExpressionError(f"{what}: `{_quoted(node)}`", *self._place(node))

    def unsupported(self, node: Node, what: str, instead: str | None = None) -> UnsupportedError:
        """Return the error for a C# feature that this compiler does not support."""
        operator = node.child_by_field_name("operator")
        sign = node.type if operator is None else text(operator)
        instead = instead or _INSTEAD.get(sign)
        return UnsupportedError(f"{what}: `{_quoted(node)}`", instead, *self._place(node))

    def statements(self) -> list[Node]:
        """Return the statements of the code.

        Raises:
            ExpressionError: it is no C#.

        """
        root = _PARSER.parse(self._without_comments()).root_node
        if root.has_error:
            raise self.error(_faulty(root), "this is not understood as C#")
        for node in _every(root):
            if _too_much(node):
                raise self.error(node, "this is not understood as C#")
        for node in root.named_children:
            if node.type != "global_statement":
                raise self.error(node, f"a {words(node)} cannot stand here")
        return [self.only(node) for node in root.named_children]

    def field(self, node: Node, name: str) -> Node:
        """Return the child that a node has under *name*.

        Raises:
            ExpressionError: this form of the node has none.

        """
        child = node.child_by_field_name(name)
        if child is None:
            raise self.unsupported(node, f"{words(node)} of this form")
        return child

    def only(self, node: Node) -> Node:
        """Return the one child of a node that is not punctuation.

        Raises:
            ExpressionError: this form of the node has more of them, or none.

        """
        if len(node.named_children) != 1:
            raise self.unsupported(node, f"{words(node)} of this form")
        return node.named_children[0]

    def _place(self, node: Node) -> tuple[int, int]:
        """Return line and column of a node."""
        before = self.text[: max(node.start_byte - len(self.prefix), 0)].decode(errors="ignore")
        line = before[before.rfind("\n") + 1 :]
        return before.count("\n") + 1, len(line) + 1

    def _without_comments(self) -> bytes:
        """Return the code with blanks for comments, so that no node has one among its children."""
        code = self.prefix + self.text + self.suffix
        blanked = bytearray(code)
        for comment in _every(_PARSER.parse(code).root_node):
            if comment.type != "comment":
                continue
            if text(comment).startswith("//"):
                # An attribute has no lines, so it would swallow the rest.
                raise self.error(comment, "a comment has to be /* ... */ here")
            blanked[comment.start_byte : comment.end_byte] = b" " * len(comment.text or b"")
        return bytes(blanked)


def expression_source(code: str) -> Source:
    """Return the source of a single expression, as the value that is returned."""
    return Source(code.encode(), b"return ", b"\n;")


def block_source(code: str) -> Source:
    """Return the source of statements."""
    return Source(code.encode())


def text(node: Node) -> str:
    """Return the source text of a node."""
    return (node.text or b"").decode()


def _quoted(node: Node) -> str:
    return " ".join(text(node).split())[:_QUOTED]


def words(node: Node) -> str:
    """Return the kind of a node, for an error message."""
    return node.type.replace("_", " ")


def _every(node: Node) -> Iterator[Node]:
    """Iterate over a node and all that is in it."""
    yield node
    for child in node.children:
        yield from _every(child)


def _too_much(node: Node) -> bool:
    """Return whether the parser accepts something here that C# does not."""
    if node.type == "identifier":
        return text(node).startswith("@") or _KEYWORD.fullmatch(text(node)) is not None
    if node.type in {"argument_list", "bracketed_argument_list"}:
        return node.children[-2].type == ","
    return False


def _faulty(node: Node) -> Node:
    """Return the innermost node with a syntax error."""
    for child in node.children:
        if child.is_error or child.is_missing:
            return child
        if child.has_error:
            return _faulty(child)
    return node
