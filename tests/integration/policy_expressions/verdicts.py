"""Verdicts: an expression's outcome here beside its outcome on .NET."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from localdev.gateway.expressions import (
    EvaluationError,
    ExpressionError,
    compile_expression,
    render,
)
from localdev.gateway.expressions.errors import NOT_YET
from tests.integration.policy_expressions.contexts import context

_NAMES = {"str": "String", "bool": "Boolean", "int": "Int32", "Long": "Int64", "NoneType": "null"}
"""The .NET types of values, by their classes here."""
_PLACES = {"bool": bool, "int": int}


class Verdict(StrEnum):
    """How an outcome here compares with the one on .NET."""

    SAME_VALUE = "same value and type"
    SAME_EXCEPTION = "same exception"
    REFUSED_BY_BOTH = "refused by both"
    REFUSED_BY_NAME = "refused here alone, by name"
    VARIES = "varies between versions of .NET"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an expression here."""

    result: Mapping[str, str]
    """In the words of the recordings: type and text, an exception, or the error at compile time."""
    by_name: bool = False
    """Whether it was refused with the sentence that API Management takes it."""


def outcome(expression: str, json_context: Mapping[str, Any], place: str = "object") -> Outcome:
    """Compile an expression for a place of that type, and run it in a context."""
    try:
        value = compile_expression(expression, _PLACES.get(place))(context(dict(json_context)))
    except ExpressionError as error:
        return Outcome({"refused": str(error)}, NOT_YET in str(error))
    except EvaluationError as error:
        return Outcome({"exception": error.name}, NOT_YET in str(error))
    return Outcome({"type": _NAMES[type(value).__name__], "text": render(value)})


def verdict(
    here: Outcome,
    there: Mapping[str, str],
    elsewhere: Mapping[str, str] | None = None,
    *,
    varies: bool = False,
) -> Verdict:
    """Compare an outcome with that of .NET, or of .NET Framework where it has another."""
    if "refused" in there:
        return Verdict.REFUSED_BY_BOTH if "refused" in here.result else Verdict.WRONG
    if here.result in (there, elsewhere):
        return Verdict.SAME_EXCEPTION if "exception" in there else Verdict.SAME_VALUE
    if here.by_name:
        return Verdict.REFUSED_BY_NAME
    return Verdict.VARIES if varies else Verdict.WRONG
