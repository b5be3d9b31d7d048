"""The OpenAPI document: `apim/openapi.yaml` with an operation of its own for each algorithm.

API Management imports the file as it is. A generator of clients needs more: input and result of
each algorithm typed, and the token that every request needs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from functions.openapi_schema import converted
from qjobs.bootstrap import catalogue
from qjobs.domain.algorithm import JSONObject

FILE = Path(__file__).parents[1] / "apim" / "openapi.yaml"
_SUBMIT_PATH = "/algorithms/{algorithm}/jobs"
_OPEN = ("get-health", "get-openapi")
"""Operations that need no token."""
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of Microsoft Entra ID for this API.",
}


def openapi_document(base: str) -> JSONObject:
    """Return the document as it is served at the URL *base*."""
    return {**_document(), "servers": [{"url": base}]}


def contract() -> JSONObject:
    """Return the contract as it is in the file."""
    import yaml  # noqa: PLC0415 - only requests for the contract pay for it

    loaded: JSONObject = yaml.load(FILE.read_bytes(), yaml.CSafeLoader)
    return loaded


@cache
def _document() -> JSONObject:
    document = contract()
    paths, schemas = document["paths"], document["components"]["schemas"]
    generic = paths[_SUBMIT_PATH]["post"]
    jobs = {}
    for summary in catalogue().all():
        algorithm = catalogue().describe(summary["id"])
        name = _type_name(algorithm["id"])
        schemas |= _schemas(algorithm, name, schemas)
        path = _SUBMIT_PATH.replace("{algorithm}", algorithm["id"])
        paths[path] = {"post": _operation(generic, algorithm, name)}
        jobs[algorithm["id"]] = f"#/components/schemas/{name}Job"
    # A client that was generated before an algorithm was added reads its jobs as the base.
    schemas["JobOutcome"]["discriminator"] = {"propertyName": "algorithm", "mapping": jobs}
    for item in paths.values():
        item.pop("head", None)  # for probes: a generated client has no use for it
    document["components"]["securitySchemes"] = {"bearer": _BEARER}
    document["security"] = [{"bearer": []}]
    for operation in operations(document):
        if operation["operationId"] in _OPEN:
            operation["security"] = []
    return document


def operations(document: JSONObject) -> Iterator[dict[str, Any]]:
    """Iterate over the operations of a document."""
    for item in document["paths"].values():
        yield from (one for one in item.values() if isinstance(one, dict))


def _type_name(algorithm: str) -> str:
    """Return an id as a name in PascalCase, as generators use it."""
    return "".join(word.capitalize() for word in algorithm.split("_"))


def _schemas(algorithm: JSONObject, name: str, schemas: JSONObject) -> JSONObject:
    """Return the schemas of one algorithm: input, submission, result, and its jobs' outcome."""
    shots = algorithm["shots"]
    submission = copy.deepcopy(schemas["Submission"])
    submission["description"] = algorithm["summary"]
    submission["properties"]["input"] = {"$ref": f"#/components/schemas/{name}Input"}
    submission["properties"]["shots"] |= {
        "minimum": shots["minimum"],
        "maximum": shots["maximum"],
        "default": shots["default"],
    }
    outcome = {
        "description": f"A job of {algorithm['title']}.",
        "allOf": [
            {"$ref": "#/components/schemas/JobOutcome"},
            {
                "type": "object",
                "properties": {"result": {"$ref": f"#/components/schemas/{name}Result"}},
            },
        ],
    }
    return {
        f"{name}Input": _named(converted(algorithm["inputSchema"])),
        f"{name}Submission": submission,
        f"{name}Result": {**_named(converted(algorithm["resultSchema"])), "nullable": True},
        f"{name}Job": outcome,
    }


def _named(schema: JSONObject) -> JSONObject:
    """Return a schema without its title, which generators would take for its name."""
    return {keyword: value for keyword, value in schema.items() if keyword != "title"}


def _operation(generic: JSONObject, algorithm: JSONObject, name: str) -> JSONObject:
    """Return the operation that submits jobs of one algorithm."""
    operation = copy.deepcopy(generic)
    operation["operationId"] = f"submit-{algorithm['id'].replace('_', '-')}-job"
    operation["summary"] = algorithm["title"]
    operation["description"] = f"{algorithm['description']}\n\n{generic['description']}"
    operation["parameters"] = [one for one in generic["parameters"] if one["in"] != "path"]
    for status in ("200", "202"):
        content = operation["responses"][status]["content"]["application/json"]
        content["schema"] = {"$ref": f"#/components/schemas/{name}Job"}
    operation["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": f"#/components/schemas/{name}Submission"},
        "examples": {
            f"example{number}": {"value": example}
            for number, example in enumerate(algorithm["examples"], 1)
        },
    }
    return operation
