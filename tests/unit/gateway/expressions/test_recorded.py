"""Expressions of the kinds that policies use, with recorded results of real .NET."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localdev.gateway.expressions import (
    EvaluationError,
    ExpressionError,
    compile_expression,
    render,
)
from tests.integration.policy_expressions.contexts import context

FILE = Path(__file__).parents[4].parent / "shared/data/policy-expressions/general.json"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the recordings are not there")

_NAMES = {"str": "String", "bool": "Boolean", "int": "Int32", "Long": "Int64", "NoneType": "null"}
_LOUD = {"NotSupportedException", "JsonReaderException"}
"""What is raised here where .NET makes dates of texts, and takes what is nearly JSON."""
DIFFERENT = {
    "a search that is not told how to compare goes by culture there": {"g1141", "g1146"},
    "JSON is written there with exponents of its own": {"g1247", "g1248", "g1249"},
}
"""What is not the same, by the reason."""


def computed(expression: str, json_context: dict[str, Any]) -> dict[str, str]:
    """Return what an expression computes here, in the words of the recordings."""
    try:
        value = compile_expression(expression)(context(json_context))
    except EvaluationError as error:
        return {"exception": error.name}
    return {"type": _NAMES[type(value).__name__], "text": render(value)}


def test_what_is_understood_computes_what_dotnet_computes() -> None:
    """An expression that is not refused has the value of .NET, or fails aloud."""
    recorded = json.loads(FILE.read_text("utf-8"))
    same, different = set(), set()
    for case in recorded["cases"]:
        try:
            found = computed(case["expression"], recorded["context"])
        except ExpressionError:
            continue
        if found in (case["result"], case.get("framework")):
            same.add(case["id"])
        elif not case.get("varies") and found.get("exception") not in _LOUD:
            different.add(case["id"])

    assert len(same) > len(different)
    assert different == set().union(*DIFFERENT.values())
