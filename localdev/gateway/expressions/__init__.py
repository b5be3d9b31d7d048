"""Policy expressions: the part of C# 7 that the policies use, compiled to Python functions.

Every name, member, overload and conversion is resolved when an expression is compiled, against
tables of what the policies use; whatever is not in them is refused, also where API Management would
take it. What runs does as .NET does, down to the exceptions.
"""

from __future__ import annotations

from localdev.gateway.expressions.errors import EvaluationError, ExpressionError
from localdev.gateway.expressions.policy_expression import compile_expression, is_expression
from localdev.gateway.expressions.values import render

__all__ = ["EvaluationError", "ExpressionError", "compile_expression", "is_expression", "render"]
