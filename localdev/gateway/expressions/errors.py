"""Errors of expressions, at compile time and at evaluation."""

from __future__ import annotations

NOT_YET = "API Management takes it, and this gateway does not yet"
"""What every error says that is about this gateway, not about C#."""


class ExpressionError(Exception):
    """An expression that is no valid C# or that this compiler does not support."""

    def __init__(self, what: str, line: int, column: int) -> None:
        self.line = line
        """From 1, within the expression."""
        self.column = column
        super().__init__(f"{what} (line {line}, column {column} of the expression)")


class UnsupportedError(ExpressionError):
    """An expression with a C# feature that no policy has used so far."""

    def __init__(self, what: str, instead: str | None, line: int, column: int) -> None:
        advice = "" if instead is None else f"; write {instead}"
        super().__init__(
            f"{what}: where C# 7 and the types of policy expressions have it, {NOT_YET}{advice}",
            line,
            column,
        )


class EvaluationError(Exception):
    """A .NET exception, raised while an expression is evaluated."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        """Its type, without a namespace."""
        super().__init__(f"{name}: {message}")


class UnsupportedValueError(EvaluationError):
    """A value that .NET works with and this gateway does not: no expression can catch it."""

    def __init__(self, what: str) -> None:
        super().__init__("NotSupportedException", f"{what}: {NOT_YET}")
