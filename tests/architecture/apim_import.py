"""What API Management cannot import of an OpenAPI document, or imports wrongly.

Source: Microsoft's page on restrictions of API formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

type Json = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_OPERATION_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 76
_IGNORED_COMPONENTS = (
    *("callbacks", "examples", "headers", "links", "parameters", "requestBodies", "responses"),
    "securitySchemes",
)
_IGNORED_MEMBERS = ("callbacks", "externalDocs", "security", "servers")
_IGNORED_OF_PARAMETERS = ("allowReserved", "explode", "style", "examples")


def faults(document: Json) -> Iterator[str]:
    """Say everything about a document that is lost or changed when it is imported."""
    if document["openapi"] not in {"3.0.0", "3.0.1", "3.0.2", "3.0.3"}:
        yield f"version {document['openapi']} cannot be imported"
    yield from (
        f"components.{one} is ignored"
        for one in _IGNORED_COMPONENTS
        if one in document["components"]
    )
    if "security" in document:
        yield "security is ignored"
    if not document["servers"][0]["url"].startswith("https://"):
        yield "the first server is not https"
    ids = []
    for path, item in document["paths"].items():
        yield from (f"{path}: {one} is ignored" for one in ("servers", "parameters") if one in item)
        for method in _METHODS:
            if method in item:
                ids.append(item[method].get("operationId", ""))
                yield from _of_operation(f"{method} {path}", item[method])
    yield from (
        f"the operationId {one} comes twice" for one in {one for one in ids if ids.count(one) > 1}
    )
    for name in document["components"]["schemas"]:
        if _recursive(document, name, ()):
            yield f"the schema {name} contains itself"


def _of_operation(where: str, operation: Json) -> Iterator[str]:
    name = operation.get("operationId", "")
    if not _OPERATION_ID.fullmatch(name) or len(name) > _LONGEST_ID:
        yield f"{where}: the operationId {name!r} is changed"
    yield from (f"{where}: {one} is ignored" for one in _IGNORED_MEMBERS if one in operation)
    yield from (f"{where}: {one} is dropped" for one in operation if one.startswith("x-"))
    names = [
        one["name"].lower() for one in operation.get("parameters", ()) if one["in"] != "header"
    ]
    yield from (
        f"{where}: the name {one} comes twice"
        for one in {one for one in names if names.count(one) > 1}
    )
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "cookie":
            yield f"{where}: cookies are not supported"
        yield from (
            f"{where}: {one} of a parameter is ignored"
            for one in _IGNORED_OF_PARAMETERS
            if one in parameter
        )
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in [*bodies, *operation["responses"].values()]:
        for content in body.get("content", {}).values():
            if set(content["schema"]) != {"$ref"}:
                yield f"{where}: a schema in an operation is imported without a name"
            elif not content["schema"]["$ref"].startswith("#/components/schemas/"):
                yield f"{where}: references to other files cannot be imported"
            if "examples" in content:
                yield f"{where}: only one example is imported"


def _recursive(document: Json, name: str, around: tuple[str, ...]) -> bool:
    if name in around:
        return True
    schema = document["components"]["schemas"][name]
    return any(_recursive(document, inner, (*around, name)) for inner in set(_references(schema)))


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)
