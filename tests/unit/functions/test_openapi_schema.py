from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator

from functions.openapi_schema import UnsupportedSchemaError, converted

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
        ({"$ref": "#/$defs/a", "allOf": [], "$defs": {"a": {}}}, "allOf is a second"),
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
