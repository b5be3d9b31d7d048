from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator

from functions.openapi_schema import UnsupportedSchemaError, converted, converted_input

type Json = dict[str, Any]

SCHEMAS: list[Json] = [
    {"const": 1},
    {"type": ["integer", "null"], "minimum": 0},
    {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3},
    {"type": "array", "items": {"const": 1}, "maxItems": 2},
    {"type": "array", "items": False},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
    {"type": "object", "properties": {"a": False}},
    {"type": "object", "additionalProperties": {"type": "integer"}},
    {"allOf": [{"type": "integer"}, {"maximum": 1}]},
    {"anyOf": [{"const": "a"}, {"type": "boolean"}]},
    {"oneOf": [{"type": "integer"}, {"enum": [1, "a"]}]},
    {"not": {"type": "string"}},
    {"$ref": "#/$defs/small", "type": "integer", "$defs": {"small": {"maximum": 1}}},
    {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"type": "string"}}},
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 4) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=3,
)


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
@given(value=VALUES)
def test_a_converted_schema_takes_the_same_values(schema: Json, value: object) -> None:
    """What fits a schema fits what it is converted to, and nothing else does."""
    fits = Draft202012Validator(schema).is_valid(value)

    assert OAS30Validator(converted(schema)).is_valid(value) == fits


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "null"}, "no type null"),
        ({"minimum": 5, "exclusiveMinimum": 3}, "exclusiveMinimum is a second"),
        ({"exclusiveMaximum": 3, "maximum": 5}, "maximum is a second"),
        ({"enum": [1, 2], "const": 1}, "const is a second"),
        ({"$ref": "other.json"}, "other.json is none of"),
        ({"$ref": "#/$defs/a"}, "none of the schema's own"),
        (
            {"$ref": "#/$defs/a", "maximum": 5, "$defs": {"a": {"maximum": 3}}},
            "maximum is a second",
        ),
        (
            {
                "$ref": "#/$defs/tree",
                "$defs": {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
            },
            "contains itself",
        ),
        ({"items": {"$defs": {}}}, r"no \$defs"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(schema: Json, complaint: str) -> None:
    """A combination that would be lost or changed is an error that names it."""
    with pytest.raises(UnsupportedSchemaError, match=complaint):
        converted(schema)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "int64"),
        ({"minimum": 0}, "int64"),
        ({"maximum": 0}, "int64"),
        ({"minimum": 0, "maximum": 2**31}, "int64"),
        ({"minimum": -(2**31) - 1, "maximum": 0}, "int64"),
        ({"minimum": -(2**31), "maximum": 2**31 - 1}, "int32"),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 10}, "int32"),
        ({"minimum": 0, "maximum": 9, "format": "int64"}, "int64"),
    ],
)
def test_an_integer_has_as_many_bits_as_it_may_take(schema: Json, expected: str) -> None:
    """Clients that take 32 bits by default are told where that is too little."""
    assert converted({"type": "integer", **schema})["format"] == expected
    items = converted({"items": {"type": ["integer", "null"], **schema}})["items"]
    assert items["format"] == expected


def test_what_a_schema_says_of_itself_replaces_what_its_definition_says() -> None:
    """A definition stands in the place of its reference, and no class is made of the two."""
    definition = {"type": "string", "description": "Any text.", "default": "a"}
    schema = {"description": "This text.", "$ref": "#/$defs/text", "$defs": {"text": definition}}

    assert converted(schema) == {"type": "string", "description": "This text.", "default": "a"}


INPUT: Json = {
    "type": "object",
    "required": ["must"],
    "properties": {
        "must": {"type": "integer"},
        "may": {"type": "integer", "description": "A number.", "default": 5},
        "choice": {"type": "string", "enum": ["One", "Two"], "default": "One"},
        "inner": {
            "type": "object",
            "properties": {"may": {"type": "string"}},
            "additionalProperties": False,
        },
        "list": {
            "type": "array",
            "items": {"type": "object", "properties": {"may": {"type": "boolean"}}},
        },
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "value",
    [
        {"must": 1, "may": None, "choice": None, "inner": None, "list": None},
        {"must": 1, "inner": {"may": None}, "list": [{"may": None}]},
        {"must": 1, "choice": "Two"},
    ],
)
def test_an_optional_member_of_an_input_may_be_null(value: Json) -> None:
    """A client that sends null for each member it was not given sends what is valid."""
    assert OAS30Validator(converted_input(INPUT)).is_valid(value)


@pytest.mark.parametrize(
    "value", [{"must": None}, {}, {"must": 1, "choice": "Three"}, {"must": 1, "list": [None]}]
)
def test_nothing_else_of_an_input_may_be_null(value: Json) -> None:
    """What has to be there has to have a value, and items of lists are no members."""
    assert not OAS30Validator(converted_input(INPUT)).is_valid(value)


def test_a_default_of_an_input_is_told_in_words() -> None:
    """Generators would send it, or ask for the member."""
    members = converted_input(INPUT)["properties"]

    assert members["may"]["description"] == "A number. Default: 5."
    assert members["choice"]["description"] == 'Default: "One".'
    assert not any("default" in member for member in members.values())
    assert INPUT["properties"]["may"]["default"] == 5
