"""The symbol tables of the compiler hold the members that the policies of `apim/` use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from localdev.gateway.expressions import (
    ExpressionError,
    compile_expression,
    literals,
    members,
    operators,
    policy_expression,
    statements,
    types,
)
from localdev.gateway.expressions.signatures import Method
from tests.integration.policy_expressions.policies import of_apim

TABLES: dict[str, dict[Any, Any]] = {
    "node": policy_expression.HANDLERS,
    "statement": statements.HANDLERS,
    "literal": literals.LITERALS,
    "comparison": operators.COMPARISONS,
    "equality": operators.EQUALITIES,
    "in a text": operators.PRINTABLE,
    "converts": types.IMPLICIT,
    "cast": types.EXPLICIT,
    "type": members.NAMED_TYPES,
    "constant": members.CONSTANTS,
    "static": members.STATIC_METHODS,
    "new": members.CONSTRUCTORS,
    "method": members.METHODS,
    "property": members.PROPERTIES,
    "index": members.INDEXES,
}
_OF = "IReadOnlyDictionary of"
BESIDE = {
    "the other way to write a text": {"literal verbatim_string_literal"},
    "the other types of numbers and bool where one of them is": {
        *("cast object long", "cast JToken long", "converts long object", "converts int long"),
        *("converts bool JToken", "converts long JToken", "method long ToString()"),
        "static int Parse(string)",
    },
    "a text with a value in it": {
        *(f"in a text {name}" for name in ("bool", "int", "long", "object", "null")),
    },
    "an object in an object": {"converts JObject JToken"},
    "the other side of a text, the other case": {
        *("method string EndsWith(string, StringComparison)", "method string ToUpperInvariant()"),
        *("method string TrimStart()", "method string TrimEnd()"),
    },
    "the other way to compare": {"constant StringComparison.Ordinal"},
    "a body as what its text is parsed to": {
        "method IMessageBody As<JObject>(preserveContent: true)",
        "type JObject",
    },
    "whether there is something in a text or an array": {
        *("property string Length", "static string IsNullOrEmpty(string)"),
    },
    "the other ways into a dictionary": {
        *(f"method {_OF} parameters ContainsKey(string)", f"index {_OF} headers(string)"),
    },
    "the other address": {"property IRequest Url"},
    "a value for a variable that is declared": {"statement expression_statement"},
}
"""What no policy uses: the nearest neighbours of what they use, by the reason to have them."""


def rows(table: dict[Any, Any], name: str) -> Iterator[tuple[str, dict[Any, Any], Any]]:
    """Return each row: its name, the table that it is in, and its key there."""
    for key, value in table.items():
        words = f"{name} {' '.join(map(str, key)) if isinstance(key, tuple) else key}"
        if isinstance(value, dict):
            yield from rows(value, words)
        elif isinstance(value, Method):
            yield f"{words}({', '.join(map(str, value.parameters))})", table, key
        else:
            yield words, table, key


def understood(expressions: Sequence[tuple[str, type]]) -> bool:
    """Say whether all of the expressions compile."""
    try:
        for text, returned in expressions:
            compile_expression(text, None if returned is object else returned)
    except ExpressionError:
        return False
    return True


def test_the_tables_hold_what_policies_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any row some policy is refused, but for the neighbours in the list above."""
    policies = sorted(set(of_apim()), key=str)
    assert understood(policies)

    unused = set()
    for row, table, key in [one for name in TABLES for one in rows(TABLES[name], name)]:
        with monkeypatch.context() as patch:
            patch.delitem(table, key)
            if understood(policies):
                unused.add(row)

    assert unused == set().union(*BESIDE.values())
