"""Conversion of JSON Schema 2020-12, as algorithms use it, to the schemas of OpenAPI 3.0.3."""

from __future__ import annotations

import json
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
"""Annotations, which do not restrict the valid values."""
_DEFINITION = "#/$defs/"
_DESCRIBES = frozenset({"default", "description", "example", "title"})
"""What a schema says of itself, in the place of what its definition says."""
_INT32 = 2**31

type Schema = dict[str, Any]


class UnsupportedSchemaError(Exception):
    """A schema that OpenAPI 3.0.3 cannot express."""


def converted(schema: Mapping[str, Any]) -> Schema:
    """Return the equivalent in OpenAPI 3.0.3, with definitions in place of references.

    Numbers have a format, by which clients choose a type: an integer that no bounds keep within 32
    bits takes 64.

    Raises:
        UnsupportedSchemaError: it has a keyword without an equivalent; the message names it.

    """
    rest = {keyword: value for keyword, value in schema.items() if keyword != "$defs"}
    return _Conversion(schema.get("$defs", {}), ()).converted(rest)


def converted_input(schema: Mapping[str, Any]) -> Schema:
    """Return the equivalent of an input's schema; a member that is null is as good as absent.

    That is what clients send that leave a member out, as long as it has no default: with one,
    generators send the default, or ask for the member. The description tells it instead.

    Raises:
        UnsupportedSchemaError: it has a keyword without an equivalent; the message names it.

    """
    return _optional_members_nullable(converted(schema))


def _optional_members_nullable(schema: Schema) -> Schema:
    result = dict(schema)
    if "properties" in schema:
        required = schema.get("required", ())
        result["properties"] = {
            name: inner if name in required else _nullable(inner)
            for name, member in schema["properties"].items()
            for inner in [_optional_members_nullable(member)]
        }
    for keyword in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(keyword), dict):
            result[keyword] = _optional_members_nullable(schema[keyword])
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in schema:
            result[keyword] = [_optional_members_nullable(one) for one in schema[keyword]]
    return result


def _nullable(schema: Schema) -> Schema:
    result = {keyword: value for keyword, value in schema.items() if keyword != "default"}
    result["nullable"] = True
    if "enum" in result:
        result["enum"] = [*(one for one in result["enum"] if one is not None), None]
    if "default" in schema:
        default = f"Default: {json.dumps(schema['default'], ensure_ascii=False)}."
        result["description"] = f"{schema.get('description', '')} {default}".strip()
    return result


class _Conversion:
    """Converts the parts of one schema."""

    def __init__(self, definitions: Mapping[str, Any], inside: tuple[str, ...]) -> None:
        self._definitions = definitions
        self._inside = inside
        """References that are being resolved, to notice one that leads to itself."""
        self._changed: Mapping[str, Callable[[Any], Schema]] = {
            "$ref": self._definition,
            "additionalProperties": lambda one: {
                "additionalProperties": one if isinstance(one, bool) else self.converted(one)
            },
            "allOf": lambda schemas: {"allOf": self._all(schemas)},
            "anyOf": lambda schemas: {"anyOf": self._all(schemas)},
            "const": lambda value: {"enum": [value]},
            "examples": lambda values: {"example": values[0]} if values else {},
            "exclusiveMaximum": lambda value: {"maximum": value, "exclusiveMaximum": True},
            "exclusiveMinimum": lambda value: {"minimum": value, "exclusiveMinimum": True},
            "items": lambda one: {"items": self.converted(one)},
            "not": lambda one: {"not": self.converted(one)},
            "oneOf": lambda schemas: {"oneOf": self._all(schemas)},
            "properties": lambda members: {
                "properties": {name: self.converted(one) for name, one in members.items()}
            },
            "type": _type,
        }

    def converted(self, schema: Mapping[str, Any] | bool) -> Schema:  # noqa: FBT001 - a schema may be a truth value
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        result: Schema = {}
        # The definition comes first, so that what the schema says of itself replaces it.
        for keyword in sorted(schema, key=lambda one: one != "$ref"):
            for name, content in self._keyword(keyword, schema[keyword]).items():
                if result.get(name, content) != content and name not in _DESCRIBES:
                    raise UnsupportedSchemaError(
                        f"there is one {name} in OpenAPI 3.0.3, and {keyword} is a second"
                    )
                result[name] = content
        return {**result, **_format(result)}

    def _keyword(self, keyword: str, value: Any) -> Schema:  # noqa: ANN401 - as keywords differ
        if keyword in _WITHOUT_MEANING:
            return {}
        if keyword in _UNCHANGED:
            return {keyword: value}
        if keyword not in self._changed:
            raise UnsupportedSchemaError(f"there is no {keyword} in OpenAPI 3.0.3")
        return self._changed[keyword](value)

    def _all(self, schemas: list[Mapping[str, Any]]) -> list[Schema]:
        return [self.converted(one) for one in schemas]

    def _definition(self, reference: str) -> Schema:
        name = reference.removeprefix(_DEFINITION)
        if not reference.startswith(_DEFINITION) or name not in self._definitions:
            raise UnsupportedSchemaError(f"{reference} is none of the schema's own definitions")
        if name in self._inside:
            raise UnsupportedSchemaError(f"{reference} contains itself")
        inner = _Conversion(self._definitions, (*self._inside, name))
        return inner.converted(self._definitions[name])


def _format(schema: Schema) -> Schema:
    """Return the format of a number that has none."""
    if "format" in schema or schema.get("type") not in {"integer", "number"}:
        return {}
    if schema["type"] == "number":
        return {"format": "double"}
    least, most = schema.get("minimum", -_INT32 - 1), schema.get("maximum", _INT32)
    return {"format": "int32" if least >= -_INT32 and most < _INT32 else "int64"}


def _type(value: str | list[str]) -> Schema:
    names = [value] if isinstance(value, str) else value
    types = [one for one in names if one != "null"]
    if len(types) != 1:
        raise UnsupportedSchemaError(f"there is no type {value} in OpenAPI 3.0.3")
    return {"type": types[0]} | ({"nullable": True} if "null" in names else {})
