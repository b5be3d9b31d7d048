"""Inputs that a schema allows, and such as it refuses, made of the schema itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_MOST_ITEMS = 4
"""Of a list beyond the fewest that it has to have."""
_LONGEST_TEXT = 60
_NEAR = 8
"""The distance from the least integer within which half of them are drawn."""

type Schema = Mapping[str, Any]
type Strategy = SearchStrategy[Any]


def inputs(schema: Schema) -> Strategy:
    """Return valid inputs: an example with some of its members drawn anew, or all of them."""
    members = {name: values(part, schema) for name, part in schema["properties"].items()}
    drawn = st.fixed_dictionaries({}, optional=members)

    def varied(example: dict[str, Any]) -> Strategy:
        return drawn.map(lambda others: {**deepcopy(example), **others})

    return st.one_of(st.sampled_from(schema["examples"]).flatmap(varied), values(schema, schema))


def values(schema: Schema, root: Schema) -> Strategy:
    """Return the values that a schema in *root* allows, but for those that are long."""
    if "$ref" in schema:
        return values(resolved(schema, root), root)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_kind(kind, schema, root) for kind in kinds])


def resolved(schema: Schema, root: Schema) -> Schema:
    """Return a schema, or the one in *root* that it refers to."""
    while "$ref" in schema:
        found: Any = root
        for token in schema["$ref"].removeprefix("#/").split("/"):
            found = found[token]
        schema = found
    return schema


def _of_kind(kind: str, schema: Schema, root: Schema) -> Strategy:
    match kind:
        case "integer" | "number":
            return _numbers(kind, schema)
        case "string":
            return _texts(schema)
        case "array":
            fewest = schema.get("minItems", 0)
            most = min(schema.get("maxItems", math.inf), fewest + _MOST_ITEMS)
            unique = repr if schema.get("uniqueItems") else None
            items = values(schema["items"], root)
            return st.lists(items, min_size=fewest, max_size=int(most), unique_by=unique)
        case "object":
            parts = {name: values(part, root) for name, part in schema["properties"].items()}
            required = {name: parts.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional=parts)
    return st.booleans() if kind == "boolean" else st.none()


def _numbers(kind: str, schema: Schema) -> Strategy:
    if kind == "integer":
        low, high = _ends(schema, 1)
        return st.integers(low, min(high, low + _NEAR)) | st.integers(low, high)
    return st.floats(*_ends(schema, 0)).filter(lambda one: one not in _open_ends(schema))


def _ends(schema: Schema, least_step: int) -> tuple[Any, Any]:
    """Return the least and the greatest number, as far beyond an open end as the step is."""
    low = schema["minimum"] if "minimum" in schema else schema["exclusiveMinimum"] + least_step
    high = schema["maximum"] if "maximum" in schema else schema["exclusiveMaximum"] - least_step
    return low, high


def _open_ends(schema: Schema) -> set[Any]:
    return {schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")}


def _texts(schema: Schema) -> Strategy:
    fewest = schema.get("minLength", 0)
    most = min(schema.get("maxLength", math.inf), fewest + _LONGEST_TEXT)
    if "pattern" not in schema:
        return st.text(min_size=fewest, max_size=most)
    return st.from_regex(schema["pattern"]).filter(lambda text: fewest <= len(text) <= most)


def invalid(schema: Schema, value: Any, root: Schema, at: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - it is JSON
    """Yield values that differ from a valid one in one place, with its JSON Pointer.

    Of each value another type, of a number beyond both ends, a text that is no member of an enum, a
    list that is too short or too long, a member that is missing or unknown; and so of each part.
    """
    schema = resolved(schema, root)
    yield at, of_another_type(value)
    yield from ((at, wrong) for wrong in _beyond(schema, value))
    if isinstance(value, dict):
        yield f"{at}/unexpectedMember", {**value, "unexpectedMember": 1}
        for name in schema.get("required", ()):
            yield at, {key: one for key, one in value.items() if key != name}
        for name, part in value.items():
            inner = invalid(schema["properties"][name], part, root, f"{at}/{name}")
            yield from ((pointer, {**value, name: wrong}) for pointer, wrong in inner)
    elif isinstance(value, list) and value:
        inner = invalid(schema["items"], value[0], root, f"{at}/0")
        yield from ((pointer, [wrong, *value[1:]]) for pointer, wrong in inner)


def of_another_type(value: Any) -> Any:  # noqa: ANN401 - it is JSON
    """Return a value of another type."""
    return "text" if isinstance(value, dict) else {"unexpectedMember": 1}


def _beyond(schema: Schema, value: Any) -> Iterator[Any]:  # noqa: ANN401 - it is JSON
    if "enum" in schema:
        yield "NoneOfThese"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = _ends(schema, 0)
        yield from (low - 1, high + 1)
    if isinstance(value, str):
        if schema.get("minLength", 0) > 0:
            yield ""
        if "maxLength" in schema:
            yield "x" * (schema["maxLength"] + 1)
    if isinstance(value, list) and value:
        if schema.get("minItems", 0) > 0:
            yield value[: schema["minItems"] - 1]
        if "maxItems" in schema:
            yield [value[0]] * (schema["maxItems"] + 1)


def has_pointer(schema: Schema, pointer: str) -> bool:
    """Return whether a JSON Pointer names a place that a value of the schema may have."""
    part = schema
    for token in pointer.split("/")[1:]:
        part = resolved(part, schema)
        if token in part.get("properties", {}):
            part = part["properties"][token]
        elif token.isdecimal() and "items" in part:
            part = part["items"]
        else:
            return False
    return True
