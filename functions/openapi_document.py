"""The OpenAPI document: `apim/openapi.yaml` with an operation of its own for each algorithm.

API Management imports the file as it is. A generator of clients needs more: input and result of
each algorithm typed, the token that every request needs, and what Azure's generators read of
operations that take time and of lists (`x-ms-...`), which the import would drop.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from functions.openapi_components import components, titled
from functions.openapi_schema import UnsupportedSchemaError, converted, converted_input
from qjobs.bootstrap import catalogue
from qjobs.domain.algorithm import JSONObject

FILE = Path(__file__).parents[1] / "apim" / "openapi.yaml"
_log = logging.getLogger(__name__)
_SUBMIT_PATH = "/algorithms/{algorithm}/jobs"
_OPEN = ("get-functions-health", "get-health", "get-openapi")
"""Operations that need no token."""
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of Microsoft Entra ID for this API.",
}


_OPERATION_THAT_TAKES_TIME = {
    "x-ms-long-running-operation": True,
    "x-ms-long-running-operation-options": {"final-state-via": "location"},
}
_LIST_IN_PAGES = {"x-ms-pageable": {"nextLinkName": "nextLink"}}


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
    for item in paths.values():
        # A HEAD is a GET without its body: a generator makes a second method of it, of no use.
        item.pop("head", None)
    generic = paths[_SUBMIT_PATH]["post"]
    generic |= _OPERATION_THAT_TAKES_TIME
    jobs = {}
    for summary in catalogue().all():
        algorithm = catalogue().describe(summary["id"])
        name = _type_name(algorithm["id"])
        try:
            own = _schemas(algorithm, name, schemas)
        except UnsupportedSchemaError as error:
            # It can still be submitted by the operation that is the same for all.
            facts = {"action": "algorithm_not_typed", "algorithm": algorithm["id"]}
            _log.error("An algorithm has no types of its own: %s.", error, extra=facts)
            continue
        schemas |= own
        path = _SUBMIT_PATH.replace("{algorithm}", algorithm["id"])
        paths[path] = {"post": _operation(generic, algorithm, name)}
        jobs[algorithm["id"]] = f"#/components/schemas/{name}Job"
    _make_base(schemas["JobOutcome"], jobs)
    document["components"]["schemas"] = {name: titled(name, one) for name, one in schemas.items()}
    document["components"]["securitySchemes"] = {"bearer": _BEARER}
    document["security"] = [{"bearer": []}]
    for operation in operations(document):
        if operation["operationId"] in _OPEN:
            operation["security"] = []
        if _is_in_pages(operation, schemas):
            operation.update(_LIST_IN_PAGES)
    return document


def _make_base(outcome: JSONObject, jobs: dict[str, str]) -> None:
    """Make the schema of a job's outcome the base of each algorithm's, by a discriminator.

    A client that was generated before an algorithm was added reads its jobs as the base.

    Args:
        outcome: the schema, which is changed
        jobs: references to what inherits from it, by algorithm

    """
    outcome["discriminator"] = {"propertyName": "algorithm", "mapping": jobs}
    # Kiota gives a member the type that it has in the base; what inherits has it alone.
    outcome["description"] += f" {outcome['properties'].pop('result')['description']}"
    outcome["required"].remove("result")
    outcome["additionalProperties"] = True


def operations(document: JSONObject) -> Iterator[dict[str, Any]]:
    """Iterate over the operations of a document."""
    for item in document["paths"].values():
        yield from (one for one in item.values() if isinstance(one, dict))


def _is_in_pages(operation: JSONObject, schemas: JSONObject) -> bool:
    """Return whether an operation answers with a page of a list."""
    content = operation["responses"].get("200", {}).get("content", {})
    names = [one["schema"]["$ref"].rpartition("/")[2] for one in content.values()]
    return any("nextLink" in schemas[name].get("properties", {}) for name in names)


def _type_name(algorithm: str) -> str:
    """Return an id as a name in PascalCase, as generators use it."""
    return "".join(word.capitalize() for word in algorithm.split("_"))


def _schemas(algorithm: JSONObject, name: str, schemas: JSONObject) -> JSONObject:
    """Return the schemas of one algorithm: input, submission, result, and its jobs' outcome.

    Raises:
        UnsupportedSchemaError: a schema cannot be converted, or its name is taken.

    """
    shots = algorithm["shots"]
    submission = copy.deepcopy(schemas["Submission"])
    submission["description"] = algorithm["summary"]
    submission["properties"]["input"] = {"$ref": f"#/components/schemas/{name}Input"}
    submission["properties"]["shots"] |= {
        "minimum": shots["minimum"],
        "maximum": shots["maximum"],
        "description": f"How often the circuits are run and read. Default: {shots['default']}.",
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
    result = {**converted(algorithm["resultSchema"]), "nullable": True}
    own = {
        **components(f"{name}Input", converted_input(algorithm["inputSchema"])),
        f"{name}Submission": submission,
        **components(f"{name}Result", result),
        f"{name}Job": outcome,
    }
    if taken := own.keys() & schemas.keys():
        raise UnsupportedSchemaError(f"there is another schema with the name {min(taken)}")
    return own


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
        content["example"] = _example(content["example"], algorithm)
    operation["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": f"#/components/schemas/{name}Submission"},
        "examples": {
            f"example{number}": {"value": example}
            for number, example in enumerate(algorithm["examples"], 1)
        },
    }
    return operation


def _example(generic: JSONObject, algorithm: JSONObject) -> JSONObject:
    """Return an example of a job as one of this algorithm."""
    base = generic["links"]["algorithm"].removesuffix(generic["algorithm"])
    example = generic | {
        "algorithm": algorithm["id"],
        "shots": algorithm["shots"]["default"],
        "links": generic["links"] | {"algorithm": f"{base}{algorithm['id']}"},
    }
    if generic["result"] is None:
        return example
    # Counts and provenance would be those of another algorithm's circuits.
    result = algorithm["resultSchema"]["examples"][0]
    return example | {"result": result, "counts": None, "provenance": None}
