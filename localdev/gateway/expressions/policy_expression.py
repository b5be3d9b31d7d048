"""Entry point: compiles a whole policy expression, `@(...)` or `@{...}`, to a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from localdev.gateway.context import Context
from localdev.gateway.expressions import calls, operations
from localdev.gateway.expressions.compiler import Compiler, Handler
from localdev.gateway.expressions.errors import ExpressionError, UnsupportedError
from localdev.gateway.expressions.scope import Scope, Typed
from localdev.gateway.expressions.statements import block
from localdev.gateway.expressions.syntax import only, statements
from localdev.gateway.expressions.types import BOOL, INT, OBJECT, Type


def _parenthesized(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    return compiler.expression(only(node), scope)


HANDLERS: dict[str, Handler] = {
    "binary_expression": operations.binary,
    "cast_expression": operations.cast,
    "conditional_expression": operations.conditional,
    "element_access_expression": calls.element,
    "identifier": operations.identifier,
    "invocation_expression": calls.invocation,
    "member_access_expression": operations.member,
    "object_creation_expression": calls.creation,
    "parenthesized_expression": _parenthesized,
    "prefix_unary_expression": operations.negation,
}
_EXPECTED: dict[type | None, Type] = {None: OBJECT, bool: BOOL, int: INT}


def is_expression(text: str) -> bool:
    """Return whether an attribute or a text is an expression, not a literal."""
    return text.startswith(("@(", "@{"))


def compile_expression(text: str, expected: type | None = None) -> Callable[[Context], Any]:
    """Compile an expression.

    Args:
        text: with its `@`
        expected: bool or int, if it has to be of that type

    Returns:
        what computes it; it raises EvaluationError where .NET would raise an exception.

    Raises:
        ExpressionError: it is not understood, or not of the type.

    """
    single = text.startswith("@(")
    if not is_expression(text) or not text.endswith(")" if single else "}"):
        raise ExpressionError("an expression is @(...) or @{...}", 1, 1)
    compiler = Compiler(HANDLERS, _EXPECTED[expected])
    compiled = block(compiler, statements(text[2:-1], single=single), Scope())
    if not compiled.returns:
        # C# also looks for conditions that are constant.
        raise UnsupportedError("not every path returns a value", "a return at the end", 1, 1)
    return lambda context: compiled.run({"context": context})
