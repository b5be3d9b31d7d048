"""Text of Bicep to a syntax tree, by tree-sitter; what it cannot parse is reported, loudly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

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
                    f"cannot be parsed at {excerpt(node)!r}: correct it, or write it more simply "
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


def excerpt(node: Node) -> str:
    """Return the beginning of a node, to show."""
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
