"""Parses C# and says where in it something is."""

from __future__ import annotations

from dataclasses import dataclass

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from localdev.gateway.expressions.errors import ExpressionError

_QUOTED = 40
"""Characters of what is wrong that an error shows."""
_PARSER = Parser(Language(tree_sitter_c_sharp.language()))


@dataclass(frozen=True, slots=True)
class Source:
    """The text of an expression, within the code that is parsed."""

    code: bytes
    prefix: int
    """Bytes of *code* before the text."""

    def error(self, node: Node, what: str) -> ExpressionError:
        """Return the error that says *what* is wrong with a node."""
        before = self.code[: max(node.start_byte, self.prefix)]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1)
        found = " ".join(text(node).split())[:_QUOTED]
        column += 1 - (self.prefix if line == 1 else 0)
        return ExpressionError(f"{what}: `{found}`", line, column)

    def statements(self) -> list[Node]:
        """Return the statements of the code.

        Raises:
            ExpressionError: it is no C#.

        """
        root = _PARSER.parse(self.code).root_node
        if root.has_error:
            raise self.error(_faulty(root), "this is not understood as C#")
        statements = []
        for node in root.named_children:
            if node.type == "comment":
                self._check_comment(node)
            elif node.type != "global_statement":
                raise self.error(node, f"a {words(node)} cannot stand here")
            else:
                statements += named(self, node)
        return statements

    def _check_comment(self, node: Node) -> None:
        if text(node).startswith("//"):
            # An attribute has no lines, so it would swallow the rest.
            raise self.error(node, "a comment has to be /* ... */ here")


def expression_source(code: str) -> Source:
    """Return the source of a single expression, as the value that is returned."""
    prefix = b"return "
    return Source(prefix + code.encode() + b"\n;", len(prefix))


def block_source(code: str) -> Source:
    """Return the source of statements."""
    return Source(code.encode(), 0)


def text(node: Node) -> str:
    """Return what is written."""
    return (node.text or b"").decode()


def named(source: Source, node: Node) -> list[Node]:
    """Return the children of a node that are not punctuation.

    Raises:
        ExpressionError: there is a comment to the end of the line among them.

    """
    children = []
    for child in node.named_children:
        if child.type == "comment":
            source._check_comment(child)  # noqa: SLF001 - the class's own module
        else:
            children.append(child)
    return children


def field(node: Node, name: str) -> Node:
    """Return the child that a kind of node always has under *name*."""
    child = node.child_by_field_name(name)
    if child is None:
        raise LookupError(f"a {node.type} without {name}")
    return child


def words(node: Node) -> str:
    """Return what kind of thing a node is, in words."""
    return node.type.replace("_", " ")


def _faulty(node: Node) -> Node:
    """Return the innermost node that could not be parsed."""
    for child in node.children:
        if child.is_error or child.is_missing:
            return child
        if child.has_error:
            return _faulty(child)
    return node
