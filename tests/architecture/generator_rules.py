"""What generators of typed clients need of the served document, a rule in each function.

Each was seen with a real generator or library, of .NET for the most part, which the tests cannot
run: what it made of a document that breaks the rule is in the docstring.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

type Json = dict[str, Any]
type Rule = Callable[[Json], Iterator[str]]

_REFERENCE = "#/components/schemas/"
_VALUE = re.compile(r"[A-Z][A-Za-z0-9]*")
_NAME = re.compile(r"[a-z][A-Za-z0-9]*")
_SENTENCE = re.compile(r"[A-Z].*[^.]\.", re.DOTALL)


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield method, operation id and operation."""
    for item in document["paths"].values():
        for method, operation in item.items():
            yield method, operation["operationId"], operation


def schemas(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield every schema of the components, at any depth, with its place."""
    for name, schema in document["components"]["schemas"].items():
        yield from _inside(name, schema)


def _inside(place: str, schema: Json) -> Iterator[tuple[str, Json]]:
    yield place, schema
    for name, member in schema.get("properties", {}).items():
        yield from _inside(f"{place}.{name}", member)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from _inside(f"{place}.{keyword}", schema[keyword])
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, part in enumerate(schema.get(keyword, ())):
            yield from _inside(f"{place}.{keyword}.{index}", part)


def resolved(document: Json, schema: Json) -> Json:
    """Return a schema, or the component that it refers to."""
    if "$ref" not in schema:
        return schema
    found: Json = document["components"]["schemas"][schema["$ref"].removeprefix(_REFERENCE)]
    return found


def one_type(document: Json) -> Iterator[str]:
    """One schema for every 2xx of an operation, never an empty one: NSwag throws on the second."""
    for _, name, operation in operations(document):
        found = {
            json.dumps([one["schema"] for one in answer.get("content", {}).values()])
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        }
        if len(found) != 1 or found == {"[]"}:
            yield f"{name} answers with {sorted(found)}"


def null_is_absent(document: Json) -> Iterator[str]:
    """System.Text.Json sends null for members that were not set, Newtonsoft a default or 0."""
    for _, name, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            yield from _optional(document, name, content["schema"])


def _optional(document: Json, place: str, schema: Json) -> Iterator[str]:
    schema = resolved(document, schema)
    for name, member in schema.get("properties", {}).items():
        where, found = f"{place}.{name}", resolved(document, member)
        if "default" in found:
            yield f"{where} has a default"
        if name not in schema.get("required", ()) and not found.get("nullable"):
            yield f"{where} is optional and not nullable"
        yield from _optional(document, where, member)
    if "items" in schema:
        yield from _optional(document, f"{place}.items", schema["items"])
    if "maxProperties" in schema and "properties" in schema:
        yield f"{place} counts members, those that are null too"


def inheritance(document: Json) -> Iterator[str]:
    """NSwag takes the first of oneOf, Kiota none; both read a base with a discriminator."""
    components = document["components"]["schemas"]
    for place, schema in schemas(document):
        yield from (f"{place} has {one}" for one in ("oneOf", "anyOf", "not") if one in schema)
        if "discriminator" in schema and place != "JobOutcome":
            yield f"{place} has a discriminator"
    discriminator = components["JobOutcome"].get("discriminator", {})
    mapping = discriminator.get("mapping", {})
    if discriminator.get("propertyName") != "algorithm" or not mapping:
        yield "JobOutcome has no discriminator"
    base = {"$ref": f"{_REFERENCE}JobOutcome"}
    heirs = {name for name, one in components.items() if base in one.get("allOf", ())}
    if {one.removeprefix(_REFERENCE) for one in mapping.values()} != heirs:
        yield f"the discriminator leads to {sorted(mapping.values())}, not to {sorted(heirs)}"
    outcome = components["JobOutcome"]
    if "result" in outcome["properties"]:
        yield "JobOutcome has a result: Java inherits no other type, Kiota keeps that of the base"
    if outcome.get("additionalProperties") is not True:
        yield "JobOutcome forbids the result: Go drops what no member is for"
    for name in heirs:
        own = [one for one in components[name]["allOf"] if one != base]
        if [sorted(one.get("properties", {})) for one in own] != [["result"]]:
            yield f"{name} repeats members of JobOutcome, which .NET then leaves empty in one place"


def one_problem(document: Json) -> Iterator[str]:
    """AutoRest takes a listed 404 for a success, NSwag's code for 4XX does not compile."""
    for _, name, operation in operations(document):
        listed = [one for one in operation["responses"] if not re.fullmatch(r"[23]\d\d", one)]
        if listed != ["default"]:
            yield f"{name} lists {listed}"
            continue
        default = operation["responses"]["default"]
        if not _SENTENCE.fullmatch(default["description"]):
            yield f"{name}: NSwag shows {default['description']!r}, which is no sentence"
        if [*default["content"]] != ["application/problem+json"]:
            yield f"{name} does not answer with a problem"


def enumerations(document: Json) -> Iterator[str]:
    """System.Text.Json reads and writes names only; Java does not compile without a type."""
    for place, schema in schemas(document):
        if "enum" not in schema:
            continue
        if schema.get("type") != "string":
            yield f"{place} is an enumeration of no texts"
        values = [one for one in schema["enum"] if one is not None]
        yield from (
            f"{place}: {one!r} is no name in PascalCase"
            for one in values
            if not _VALUE.fullmatch(str(one))
        )
        if (values != schema["enum"]) != schema.get("nullable", False):
            yield f"{place} is nullable, or has null among its values, but not both"
    modes = document["components"]["schemas"]["TargetMode"]["enum"]
    if modes[0] != "Simulator":
        yield f"what is not set becomes {modes[0]} in C#"


def cancellation(document: Json) -> Iterator[str]:
    """Durable fails without Location, Azure.Core takes Operation-Location's end for an error."""
    for method, name, operation in operations(document):
        if "202" not in operation["responses"]:
            continue
        headers = operation["responses"]["202"].get("headers", {})
        if method == "delete" and ("Location" not in headers or "Operation-Location" in headers):
            yield f"{name} answers 202 with {sorted(headers)}"


def once(document: Json) -> Iterator[str]:
    """Azure.Core and .NET's standard handler repeat a POST whose answer is lost."""
    for _, name, operation in operations(document):
        names = {one["name"] for one in operation.get("parameters", ())}
        if name.startswith("submit-") and "Idempotency-Key" not in names:
            yield f"{name} takes no Idempotency-Key"


def azure_errors(document: Json) -> Iterator[str]:
    """Azure's clients show `code` and `message`; ValidationProblemDetails throws on `errors`."""
    components = document["components"]["schemas"]
    for name, wanted in (
        ("JobError", {"code", "message"}),
        ("Problem", {"type", "title", "status", "detail", "instance", "code", "message"}),
    ):
        if not wanted <= {*components[name].get("required", ())}:
            yield f"{name} may lack {sorted(wanted - {*components[name].get('required', ())})}"
    problem = components["Problem"]["properties"]
    if "errors" in problem or "violations" not in problem:
        yield "Problem calls its list errors"
    if "jobId" not in problem:
        yield "Problem does not name the job: no generated method shows headers"


def numbers(document: Json) -> Iterator[str]:
    """NSwag and Kiota throw on what does not fit in 32 bits, unless the format says 64."""
    if not document["openapi"].startswith("3.0."):
        yield f"NSwag cannot use {document['openapi']}"
    formats = {"integer": {"int32", "int64"}, "number": {"double"}}
    for place, schema in schemas(document):
        if schema.get("format") not in formats.get(schema.get("type", ""), {schema.get("format")}):
            yield f"{place} is {schema['type']} without a format"
        bounds = [schema.get("minimum", 0), schema.get("maximum", 0)]
        if schema.get("format") == "int32" and (bounds[0] < -(2**31) or bounds[1] >= 2**31):
            yield f"{place} does not fit in 32 bits"


def pages(document: Json) -> Iterator[str]:
    """AutoRest pages by nextLink and x-ms-pageable, PowerShell by the header Link."""
    for method, name, operation in operations(document):
        if method != "get":
            continue
        answer = operation["responses"]["200"]
        schema = resolved(document, answer["content"]["application/json"]["schema"])
        is_list = any(
            resolved(document, one).get("type") == "array" and member == "value"
            for member, one in schema.get("properties", {}).items()
        )
        if is_list != (operation.get("x-ms-pageable") == {"nextLinkName": "nextLink"}):
            yield f"{name} is a list, or says that it is one, but not both"
        if is_list and not {"value", "nextLink"} <= {*schema.get("required", ())}:
            yield f"{name} has no nextLink"
        if name == "list-jobs" and "Link" not in answer.get("headers", {}):
            yield f"{name} has no Link"


def long_running(document: Json) -> Iterator[str]:
    """Typed clients see no headers; Azure's generators read x-ms-long-running-operation."""
    for _, name, operation in operations(document):
        options = operation.get("x-ms-long-running-operation-options")
        if name.startswith("submit-") and (
            operation.get("x-ms-long-running-operation") is not True
            or options != {"final-state-via": "location"}
            or not {"Location", "Operation-Location"}
            <= {*operation["responses"]["202"].get("headers", {})}
        ):
            yield f"{name} does not say how its end is found"
    for name in ("Job", "JobOutcome"):
        schema = document["components"]["schemas"][name]
        if not {"retryAfter", "resourceLocation", "status"} <= {*schema.get("required", ())}:
            yield f"{name} does not say when to ask again, and where the result is"


def names(document: Json) -> Iterator[str]:
    """What has no name of its own becomes Result1, Budget4; ids are one type everywhere."""
    for method, name, operation in operations(document):
        if method == "head":
            yield f"{name} is a HEAD"
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for content in body.get("content", {}).values():
                if [*content["schema"]] != ["$ref"]:
                    yield f"{name} has a schema without a name"
        for parameter in operation.get("parameters", ()):
            if "enum" in parameter["schema"]:
                yield f"{name}: {parameter['name']} is an enumeration without a name"
            if parameter["name"] == "id" and parameter["schema"].get("format") != "uuid":
                yield f"{name}: the id in the address has another type than that of a job"


def references(document: Json) -> Iterator[str]:
    """Beside a reference NSwag makes Result2 and loses enumerations; linters refuse nullable."""
    for place, schema in schemas(document):
        if "$ref" in schema and len(schema) != 1:
            yield f"{place} has something beside $ref"
        if "." in place and not place.endswith((".0", ".1")) and {"properties", "enum"} & {*schema}:
            yield f"{place} is a part without a name"
        if "nullable" in schema and not isinstance(schema.get("type"), str):
            yield f"{place} is nullable without a type"
        yield from (
            f"{place}.{one} is no name in camelCase"
            for one in schema.get("properties", {})
            if not _NAME.fullmatch(one)
        )


def words(document: Json) -> Iterator[str]:
    """Generated methods have comments, and documents of the API show examples."""
    for _, name, operation in operations(document):
        if not (operation.get("summary") and operation.get("description") and operation["tags"]):
            yield f"{name} has no summary, description or tag"
        for parameter in operation.get("parameters", ()):
            if "example" not in parameter or "description" not in parameter:
                yield f"{name}: {parameter['name']} has no example, or no description"
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for content in body.get("content", {}).values():
                if "example" not in content and not content.get("examples"):
                    yield f"{name} has a body without an example"


def descriptions(document: Json) -> Iterator[str]:
    """Generated types have comments; without a type, generators guess."""
    for place, schema in schemas(document):
        part = place.rpartition(".")[2]
        is_part = part in {"items", "additionalProperties"} or part.isdecimal()
        if "$ref" in schema:
            continue
        if not schema.get("description") and not is_part:
            yield f"{place} has no description"
        if "type" not in schema and "allOf" not in schema:
            yield f"{place} has no type"


RULES: tuple[Rule, ...] = (
    *(one_type, null_is_absent, inheritance, one_problem, enumerations, cancellation, once),
    *(azure_errors, numbers, pages, long_running, names, references),
    *(words, descriptions),
)
