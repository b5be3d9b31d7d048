"""Violations of a JSON Schema in words that need no knowledge of Python or of the library."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from qjobs.domain.errors import Violation, excerpt
from qjobs.domain.pointer import escape
from qjobs.domain.submission import unknown_member

_RANKS = {"required": 0, "type": 1}
_OF_NUMBERS = ("type", "minimum", "maximum")
_NUMBERS = {"integer": "an integer", "number": "a number"}
_LONGEST_VALUE = 60
"""Characters of a value of the schema in a detail."""


def schema_violations(errors: Iterable[Any]) -> list[Violation]:
    """Return the violations that validation errors stand for: one for each place.

    What is missing comes first, and of several rules that one value breaks the type's is told. Only
    the schema is repeated, never the value, which may be as long as the body.
    """
    found: dict[tuple[str, str], Violation] = {}
    for error in sorted(errors, key=_order):
        for violation in _of_one(error):
            missing = violation.detail if error.validator == "required" else ""
            found.setdefault((violation.pointer or "", missing), violation)
    return list(found.values())


def _order(error: Any) -> tuple[int, int]:  # noqa: ANN401 - jsonschema ships no types
    return _RANKS.get(error.validator, len(_RANKS)), len(error.absolute_path)


def _of_one(error: Any) -> Iterator[Violation]:  # noqa: ANN401 - jsonschema ships no types
    path = "".join(f"/{escape(str(token))}" for token in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield Violation(unknown_member(known), pointer=f"{path}/{escape(name)}")
    else:
        yield Violation(_detail(error), pointer=path)


def _detail(error: Any) -> str:  # noqa: ANN401 - jsonschema ships no types
    rule, expected = error.validator, error.validator_value
    if rule in _OF_NUMBERS and (kind := _number(error.schema)):
        return f"Must be {kind} from {error.schema['minimum']} to {error.schema['maximum']}."
    if rule == "pattern" and (meaning := error.schema.get("description")):
        return f"Must be: {meaning}"
    if rule == "required":
        # An error for each member that is missing; only its message says which.
        missing = next(name for name in expected if error.message.startswith(repr(name)))
        return f"The member `{missing}` is required."
    words = _DETAILS.get(rule)
    return words(expected) if words else f"Breaks the rule `{rule}` of the schema."


def _number(schema: Any) -> str | None:  # noqa: ANN401 - jsonschema ships no types
    """Return the kind of number, with its article, that a schema with both limits asks for."""
    kinds = schema.get("type")
    kinds = {kinds} if isinstance(kinds, str) else set(kinds or ())
    if not {"minimum", "maximum"} <= schema.keys() or len(kinds - {"null"}) != 1:
        return None
    return _NUMBERS.get((kinds - {"null"}).pop())


def _json(value: object) -> str:
    return excerpt(json.dumps(value, ensure_ascii=False), _LONGEST_VALUE)


def _kinds(expected: str | list[str]) -> str:
    return expected if isinstance(expected, str) else " or ".join(expected)


_DETAILS: dict[str | None, Callable[[Any], str]] = {
    "type": lambda expected: f"Must be of type {_kinds(expected)}.",
    "enum": lambda expected: f"Must be one of {', '.join(map(_json, expected))}.",
    "const": lambda expected: f"Must be {_json(expected)}.",
    "minimum": lambda expected: f"Must be at least {expected}.",
    "maximum": lambda expected: f"Must be at most {expected}.",
    "exclusiveMinimum": lambda expected: f"Must be greater than {expected}.",
    "exclusiveMaximum": lambda expected: f"Must be less than {expected}.",
    "multipleOf": lambda expected: f"Must be a multiple of {expected}.",
    "minLength": lambda expected: f"Must have at least {expected} characters.",
    "maxLength": lambda expected: f"Must have at most {expected} characters.",
    "pattern": lambda expected: f"Must match the regular expression {expected}",
    "minItems": lambda expected: f"Must have at least {expected} items.",
    "maxItems": lambda expected: f"Must have at most {expected} items.",
    "uniqueItems": lambda _: "Must not have an item twice.",
    "minProperties": lambda expected: f"Must have at least {expected} members.",
    "anyOf": lambda _: "Must have one of the forms that the schema allows.",
    "oneOf": lambda _: "Must have exactly one of the forms that the schema allows.",
    "not": lambda _: "Must not have the form that the schema excludes.",
    None: lambda _: "A member must not be there.",
    "maxProperties": lambda expected: f"Must have at most {expected} members.",
}
"""By the keyword of the schema; None is a schema that allows nothing."""
