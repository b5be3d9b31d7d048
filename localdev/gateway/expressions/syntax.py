"""Parser of C#: the parse tree, and the positions of its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from localdev.gateway.expressions.errors import ExpressionError, UnsupportedError

_KEYWORD = re.compile(
    r"""abstract|as|base|bool|break|byte|case|catch|char|checked|class|const|continue|
    decimal|default|delegate|do|double|else|enum|event|explicit|extern|false|
    finally|fixed|float|for|foreach|goto|if|implicit|in|int|interface|internal|
    is|lock|long|namespace|new|null|object|operator|out|override|params|private|
    protected|public|readonly|ref|return|sbyte|sealed|short|sizeof|stackalloc|
    static|string|struct|switch|this|throw|true|try|typeof|uint|ulong|unchecked|
    unsafe|ushort|using|virtual|void|volatile|while""",
    re.VERBOSE,
)
_INSTEAD = {
    "??": "a == null ? b : a",
    "+=": "a = a + b",
    "as": "a cast: (Type)value",
    "conditional_access_expression": "a == null ? b : a.Member",
    "declaration_expression": "the declaration before the call",
    "interpolated_string_expression": '"text" + value',
    "string.StartsWith with (string)": "StringComparison.Ordinal behind the text",
    "string.EndsWith with (string)": "StringComparison.Ordinal behind the text",
}
"""What says the same, by the operator, the node or the call that is not supported."""
_QUOTED = 40
"""Characters of what is wrong that an error shows."""
_PARSER = Parser(Language(tree_sitter_c_sharp.language()))


def statements(code: str, *, single: bool) -> list[Node]:
    """Parse the code of an expression to its statements.

    Args:
        code: without the `@` and what encloses it
        single: whether it is a value, which then is that of a return statement

    Raises:
        ExpressionError: it is no C#.

    """
    # In either case one line stands before the code, so that rows count from 1.
    source = f"return\n{code}\n;" if single else f"\n{code}"
    root = _PARSER.parse(_without_comments(source.encode())).root_node
    for node in _every(root):
        if _is_wrong(node):
            raise unsupported(node, "this is not understood as C#")
    for node in root.named_children:
        if node.type != "global_statement":
            raise error(node, f"a {words(node)} cannot stand here")
    return [only(node) for node in root.named_children]


def text(node: Node) -> str:
    """Return the source text of a node."""
    return (node.text or b"").decode()


def words(node: Node) -> str:
    """Return the kind of a node, for an error message."""
    return node.type.replace("_", " ")


def field(node: Node, name: str) -> Node:
    """Return the child that a node has under *name*.

    Raises:
        ExpressionError: this form of the node has none.

    """
    child = node.child_by_field_name(name)
    if child is None:
        raise unsupported(node, f"{words(node)} of this form")
    return child


def only(node: Node) -> Node:
    """Return the one child of a node that is not punctuation.

    Raises:
        ExpressionError: this form of the node has more of them, or none.

    """
    if len(node.named_children) != 1:
        raise unsupported(node, f"{words(node)} of this form")
    return node.named_children[0]


def error(node: Node, what: str) -> ExpressionError:
    """Return the error *what* at the position of a node."""
    return ExpressionError(f"{what}: `{_quoted(node)}`", *_position(node))


def unsupported(node: Node, what: str, instead: str | None = None) -> UnsupportedError:
    """Return the error for a C# feature that this compiler does not support."""
    operator = node.child_by_field_name("operator")
    sign = node.type if operator is None else text(operator)
    instead = instead or _INSTEAD.get(sign) or _INSTEAD.get(what)
    return UnsupportedError(f"{what}: `{_quoted(node)}`", instead, *_position(node))


def _quoted(node: Node) -> str:
    return " ".join(text(node).split())[:_QUOTED]


def _position(node: Node) -> tuple[int, int]:
    """Return line and column of a node, both from 1."""
    root = node
    while root.parent is not None:
        root = root.parent
    row, column = node.start_point
    if row == 0:  # the statement around the code
        return 1, 1
    line = (root.text or b"").split(b"\n")[row - root.start_point.row]
    return row, len(line[:column].decode(errors="ignore")) + 1


def _without_comments(code: bytes) -> bytes:
    """Return the code with blanks for comments, so that no node has one among its children."""
    blanked = bytearray(code)
    for comment in _every(_PARSER.parse(code).root_node):
        if comment.type != "comment":
            continue
        if text(comment).startswith("//"):
            # An attribute has no lines, so it would swallow the rest.
            raise unsupported(comment, "a comment up to the end of the line", "/* ... */")
        blank = re.sub(rb"[^\n]", b" ", comment.text or b"")
        blanked[comment.start_byte : comment.end_byte] = blank
    return bytes(blanked)


def _every(node: Node) -> Iterator[Node]:
    """Iterate over a node and all that is in it."""
    yield node
    for child in node.children:
        yield from _every(child)


def _is_wrong(node: Node) -> bool:
    """Return whether this is no C#, said so by the parser or accepted by it."""
    if node.is_error or node.is_missing or (node.has_error and not node.children):
        return True
    if node.type == "identifier":
        return text(node).startswith("@") or _KEYWORD.fullmatch(text(node)) is not None
    if node.type in {"argument_list", "bracketed_argument_list"}:
        return node.children[-2].type == ","
    return node.type == "->"  # there are no pointers
