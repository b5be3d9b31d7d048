"""Components of an OpenAPI document: a name for every object and enumeration inside a schema.

Generators invent one for what has none, each another one, and openapi-python-client leaves members
out where it meets such a part twice.
"""

from __future__ import annotations

from functions.openapi_schema import Schema

REFERENCE = "#/components/schemas/"


def components(name: str, schema: Schema) -> dict[str, Schema]:
    """Return a schema by its name, and each part of it by the name of the member that it is of."""
    found: dict[str, Schema] = {}
    found[name] = _without_parts(name, schema, found)
    return found


def titled(name: str, schema: Schema) -> Schema:
    """Return a component whose title is its name if it may be null, and none otherwise.

    A Python client calls it by its title; without one, the part that is not null has a name of its
    own, such as GhzResultType0.
    """
    rest = {keyword: value for keyword, value in schema.items() if keyword != "title"}
    return {"title": name, **rest} if schema.get("nullable") else rest


def _without_parts(name: str, schema: Schema, found: dict[str, Schema]) -> Schema:
    """Return a schema with references to its parts, which are added to *found*."""
    result = dict(schema)
    if "properties" in schema:
        result["properties"] = {
            member: _named(f"{name}{member[:1].upper()}{member[1:]}", part, found)
            for member, part in schema["properties"].items()
        }
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            result[keyword] = _named(f"{name}Item", schema[keyword], found)
    return result


def _named(name: str, part: Schema, found: dict[str, Schema]) -> Schema:
    inner = _without_parts(name, part, found)
    if "properties" not in part and "enum" not in part:
        return inner
    found[name] = inner
    return {"$ref": f"{REFERENCE}{name}"}
