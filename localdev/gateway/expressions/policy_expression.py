"""Entry point: compiles a whole policy expression, `@(...)` or `@{...}`, to a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localdev.gateway.context import Context
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.errors import ExpressionError
from localdev.gateway.expressions.scope import Scope
from localdev.gateway.expressions.statements import Statements
from localdev.gateway.expressions.syntax import block_source, expression_source
from localdev.gateway.expressions.types import BOOL, INT, OBJECT, Type

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
    source = (expression_source if single else block_source)(text[2:-1])
    scope = Scope()
    compiled = Statements(Compiler(source), _EXPECTED[expected]).block(source.statements(), scope)
    if not compiled.returns:
        raise ExpressionError("not every path returns a value", 1, 1)
    run, size = compiled.run, scope.places[0]
    return lambda context: run([context, *[None] * (size - 1)])
