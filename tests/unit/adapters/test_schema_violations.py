from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from qjobs.adapters.schema_violations import schema_violations
from qjobs.bootstrap import catalogue

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)
PYTHON = ("None", "True", "False", "'", "[]", "{}", "dict", "is not of type", "less than the min")
"""Words that Python or the library would use."""


def violations(schema: dict[str, Any], value: object) -> list[tuple[str | None, str]]:
    """Return pointer and detail of each rule that a value breaks."""
    errors = Draft202012Validator(schema).iter_errors(value)
    return [(one.pointer, one.detail) for one in schema_violations(errors)]


@pytest.mark.parametrize(
    ("rule", "value", "detail"),
    [
        ({"type": "integer"}, "five", "Must be of type integer."),
        ({"type": ["integer", "string"]}, None, "Must be of type integer or string."),
        ({"enum": ["a", 1, True]}, "b", 'Must be one of "a", 1, true.'),
        ({"const": None}, 1, "Must be null."),
        ({"minimum": 2}, 0, "Must be at least 2."),
        ({"maximum": 20}, 1000, "Must be at most 20."),
        ({"exclusiveMinimum": 0}, 0, "Must be greater than 0."),
        ({"exclusiveMaximum": 0.5}, 1, "Must be less than 0.5."),
        ({"multipleOf": 3}, 4, "Must be a multiple of 3."),
        ({"minLength": 2}, "a", "Must have at least 2 characters."),
        ({"maxLength": 2}, "abc", "Must have at most 2 characters."),
        ({"pattern": "^a$"}, "b", "Must match the regular expression ^a$"),
        ({"pattern": "^a$", "description": "The a."}, "b", "Must be: The a."),
        ({"minItems": 1}, [], "Must have at least 1 items."),
        ({"maxItems": 1}, [1, 2], "Must have at most 1 items."),
        ({"uniqueItems": True}, [1, 1], "Must not have an item twice."),
        ({"minProperties": 1}, {}, "Must have at least 1 members."),
        ({"maxProperties": 0}, {"a": 1}, "Must have at most 0 members."),
        ({"anyOf": [{"minimum": 2}, {"maximum": 0}]}, 1, "Must have one of the forms"),
        ({"oneOf": [{}, {}]}, 1, "Must have exactly one of the forms"),
        ({"not": {}}, 1, "Must not have the form"),
        ({"contains": {"const": 1}}, [2], "Breaks the rule `contains` of the schema."),
    ],
)
def test_a_broken_rule_is_told_in_words_of_the_schema(
    rule: dict[str, Any], value: object, detail: str
) -> None:
    """The limit is named, in JSON and not in Python, and the value is not repeated."""
    [(pointer, told)] = violations({"properties": {"x/y": rule}}, {"x/y": value})

    assert pointer == "/x~1y"
    assert told.startswith(detail)


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (
            {"required": ["a", "b'c", "d"]},
            {"d": 1},
            [("", "The member `a` is required."), ("", "The member `b'c` is required.")],
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a": 1, "b": 2, "c": 3},
            [
                ("/b", "Unknown member; there are: a."),
                ("/c", "Unknown member; there are: a."),
            ],
        ),
        # Of a schema that allows nothing, the library does not say where it stands.
        ({"properties": {"a": False}}, {"a": 1}, [("", "A member must not be there.")]),
    ],
)
def test_each_member_has_a_violation_of_its_own(
    schema: dict[str, Any], value: object, expected: list[tuple[str, str]]
) -> None:
    """A member that is missing, unknown or excluded is named, one by one."""
    assert violations(schema, value) == expected


INTEGER = {"type": "integer", "minimum": 2, "maximum": 20}


@pytest.mark.parametrize(
    ("rule", "value", "detail"),
    [
        (INTEGER, "five", "Must be an integer from 2 to 20."),
        (INTEGER, 1, "Must be an integer from 2 to 20."),
        (INTEGER, 2.5, "Must be an integer from 2 to 20."),
        (INTEGER, 20.5, "Must be an integer from 2 to 20."),
        ({**INTEGER, "type": ["integer", "null"]}, 21, "Must be an integer from 2 to 20."),
        ({**INTEGER, "type": "number"}, -1e300, "Must be a number from 2 to 20."),
        ({"type": "integer", "minimum": 2}, 0.5, "Must be of type integer."),
        ({"type": "integer", "minimum": 2}, 1, "Must be at least 2."),
        ({"type": "string", "enum": ["a"]}, 7, "Must be of type string."),
        ({"enum": ["a"], "type": "string"}, 7, "Must be of type string."),
    ],
)
def test_a_value_has_one_violation(rule: dict[str, Any], value: object, detail: str) -> None:
    """The type is told first, and with an integer's its range."""
    assert violations({"properties": {"a": rule}}, {"a": value}) == [("/a", detail)]


def test_what_is_missing_comes_first() -> None:
    """A client that shows the first violation alone says what to send, not what else was sent."""
    schema = {
        "additionalProperties": False,
        "properties": {"a": {"type": "string"}, "b": {"required": ["c"]}},
        "required": ["d"],
    }

    assert violations(schema, {"x": 1, "a": 1, "b": {}}) == [
        ("", "The member `d` is required."),
        ("/b", "The member `c` is required."),
        ("/a", "Must be of type string."),
        ("/x", "Unknown member; there are: a, b."),
    ]


def test_a_list_of_members_is_bounded() -> None:
    """Of very many members twenty are named, each in full."""
    schema = {"additionalProperties": False, "properties": {f"m{n:02}": {} for n in range(25)}}

    [(_, detail)] = violations(schema, {"x": 1})

    assert detail.startswith("Unknown member; there are: m00, m01, ")
    assert detail.endswith(", m19 and 5 more.")


def test_nothing_of_the_value_is_told() -> None:
    """A value of a megabyte costs no more than the pointer to it, which is cut."""
    name, value = "n" * 100_000, "v" * 1_000_000

    [(pointer, detail)] = violations({"additionalProperties": {"maxLength": 1}}, {name: value})

    assert pointer == "/" + "n" * 99 + "…"
    assert detail == "Must have at most 1 characters."


@given(st.sampled_from([entry["id"] for entry in catalogue().all()]), st.data())
def test_any_input_is_judged_in_words_of_the_schema(algorithm: str, data: st.DataObject) -> None:
    """No value makes the check of an input fail or answer in Python."""
    schema = catalogue().describe(algorithm)["inputSchema"]
    names = st.sampled_from(sorted(schema["properties"])) | st.text(max_size=3)
    candidate = data.draw(st.dictionaries(names, VALUES, max_size=3))

    _, wrong = catalogue().check(algorithm, candidate)

    known = str(schema)
    told = [one.detail for one in wrong if one.detail.removeprefix("Must be: ") not in known]
    assert not [detail for detail in told if any(word in detail for word in PYTHON)]
