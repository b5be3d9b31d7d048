"""Compiles interpolated texts: `$"{value}"`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from localdev.gateway.expressions.literals import unescape
from localdev.gateway.expressions.operators import PRINTABLE
from localdev.gateway.expressions.scope import Frame, Scope, Typed
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import STRING
from localdev.gateway.expressions.values import render

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler

_QUOTED: Mapping[str, Callable[[str], str | None]] = {
    # The parser takes a quotation mark within a text for a part of it.
    "$": lambda content: None if content == '"' or '""' in content else unescape(content),
    "$@": lambda content: content.replace('""', '"'),
}
"""How texts are read that begin with these."""


def interpolated(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a text with values in it."""
    start, *content, _ = node.children
    if text(start) not in _QUOTED or text(content.pop(0)) != '"':
        raise compiler.error(node, "a text of this form is not supported")
    read = _QUOTED[text(start)]
    parts = [_part(compiler, child, read, scope) for child in content]
    return Typed(STRING, lambda frame: "".join([part(frame) for part in parts]))


def _part(
    compiler: Compiler, node: Node, read: Callable[[str], str | None], scope: Scope
) -> Callable[[Frame], str]:
    """Compile a part of an interpolated text."""
    if node.type != "interpolation":
        content = read(text(node))
        if content is None or set("{}") & set(text(node)):
            raise compiler.error(node, "this escape sequence is not supported")
        return lambda _: content
    opening, *inner, closing = node.children
    if len(inner) != 1:
        raise compiler.error(node, "a format in an interpolation is not supported")
    if (text(opening), text(closing)) != ("{", "}"):
        # The parser takes quotation marks before it for a part of the brace.
        raise compiler.error(node, "quotation marks before an interpolation are not supported")
    value = compiler.expression(inner[0], scope)
    if value.type not in PRINTABLE:
        raise compiler.error(inner[0], f"a text cannot show {value.type}")
    run = value.run
    return lambda frame: render(run(frame))
