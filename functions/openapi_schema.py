"""Converts JSON Schema 2020-12, as algorithms use it, to the schemas of OpenAPI 3.0.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_UNCHANGED = frozenset(
    {
        *("default", "description", "enum", "format", "pattern", "required", "title"),
        *("maximum", "minimum", "multipleOf", "uniqueItems"),
        *("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"),
    }
)
_WITHOUT_MEANING = frozenset({"$schema", "$id", "$comment", "contentMediaType", "contentEncoding"})
"""What says nothing about which values are valid."""

type Schema = dict[str, Any]


class UnsupportedSchemaError(Exception):
    """A schema that OpenAPI 3.0.3 has no words for."""


def converted(schema: Mapping[str, Any]) -> Schema:
    """Return what says the same in OpenAPI 3.0.3.

    Raises:
        UnsupportedSchemaError: it has a keyword without an equivalent; the message names it.

    """
    result: Schema = {}
    for keyword, value in schema.items():
        if keyword in _WITHOUT_MEANING:
            continue
        if keyword in _UNCHANGED:
            result[keyword] = value
        elif keyword in _CHANGED:
            result |= _CHANGED[keyword](value)
        else:
            raise UnsupportedSchemaError(f"there is no {keyword} in OpenAPI 3.0.3")
    return result


def _type(value: str | list[str]) -> Schema:
    if isinstance(value, str):
        return {"type": value}
    types = [one for one in value if one != "null"]
    if len(types) != 1:
        raise UnsupportedSchemaError(f"there is no choice of types {value} in OpenAPI 3.0.3")
    return {"type": types[0], "nullable": True}


def _each(keyword: str) -> Callable[[Mapping[str, Any]], Schema]:
    return lambda members: {keyword: {name: converted(one) for name, one in members.items()}}


def _all(keyword: str) -> Callable[[list[Mapping[str, Any]]], Schema]:
    return lambda schemas: {keyword: [converted(one) for one in schemas]}


def _one(keyword: str) -> Callable[[bool | Mapping[str, Any]], Schema]:
    return lambda one: {keyword: one if isinstance(one, bool) else converted(one)}


_CHANGED: Mapping[str, Callable[[Any], Schema]] = {
    "additionalProperties": _one("additionalProperties"),
    "allOf": _all("allOf"),
    "anyOf": _all("anyOf"),
    "const": lambda value: {"enum": [value]},
    "examples": lambda values: {"example": values[0]} if values else {},
    "exclusiveMaximum": lambda value: {"maximum": value, "exclusiveMaximum": True},
    "exclusiveMinimum": lambda value: {"minimum": value, "exclusiveMinimum": True},
    "items": _one("items"),
    "not": _one("not"),
    "oneOf": _all("oneOf"),
    "properties": _each("properties"),
    "type": _type,
}
