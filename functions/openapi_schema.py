"""Conversion of JSON Schema 2020-12, as algorithms use it, to the schemas of OpenAPI 3.0.3."""

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
"""Annotations, which do not restrict the valid values."""
_DEFINITION = "#/$defs/"

type Schema = dict[str, Any]


class UnsupportedSchemaError(Exception):
    """A schema that OpenAPI 3.0.3 cannot express."""


def converted(schema: Mapping[str, Any]) -> Schema:
    """Return the equivalent in OpenAPI 3.0.3, with definitions in place of references.

    Raises:
        UnsupportedSchemaError: it has a keyword without an equivalent; the message names it.

    """
    rest = {keyword: value for keyword, value in schema.items() if keyword != "$defs"}
    return _Conversion(schema.get("$defs", {}), ()).converted(rest)


class _Conversion:
    """Converts the parts of one schema."""

    def __init__(self, definitions: Mapping[str, Any], inside: tuple[str, ...]) -> None:
        self._definitions = definitions
        self._inside = inside
        """References that are being resolved, to notice one that leads to itself."""
        self._changed: Mapping[str, Callable[[Any], Schema]] = {
            "$ref": lambda reference: {"allOf": [self._definition(reference)]},
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
        for keyword, value in schema.items():
            for name, content in self._keyword(keyword, value).items():
                if name in result:
                    raise UnsupportedSchemaError(
                        f"there is one {name} in OpenAPI 3.0.3, and {keyword} is a second"
                    )
                result[name] = content
        return result

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


def _type(value: str | list[str]) -> Schema:
    names = [value] if isinstance(value, str) else value
    types = [one for one in names if one != "null"]
    if len(types) != 1:
        raise UnsupportedSchemaError(f"there is no type {value} in OpenAPI 3.0.3")
    return {"type": types[0]} | ({"nullable": True} if "null" in names else {})
