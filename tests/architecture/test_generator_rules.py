"""The served document is what generators of typed clients need, and each rule finds a mistake."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from functions.openapi_document import openapi_document
from tests.architecture import generator_rules as rules
from tests.architecture.generator_rules import RULES, Json, Rule, operations
from tests.openapi import contract

BASE = "https://gateway.example.com/quantum"
JOB = "components>schemas>Job>properties"
SUBMIT = "paths>/algorithms/ghz/jobs>post"
GHZ = "components>schemas>GhzInput>properties"
REFERENCE = {"$ref": "#/components/schemas/Job"}
METHOD = "components>schemas>GhzInputMethod"
REMOVED = object()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_served_document_keeps_to_every_rule(rule: Rule) -> None:
    """Generators make of it what they made of the documents that they were seen to read well."""
    assert list(rule(openapi_document(BASE))) == []


def broken(path: str, value: object) -> Json:
    """Return the served document with a member set, or removed; `>` stands between names."""
    document: Any = copy.deepcopy(openapi_document(BASE))
    member = document
    *parents, name = path.split(">")
    for parent in parents:
        member = member[int(parent) if isinstance(member, list) else parent]
    if value is REMOVED:
        del member[name]
    else:
        member[int(name) if isinstance(member, list) else name] = value
    changed: Json = document
    return changed


SCHEMA = "content>application/json>schema"
MISTAKES: list[tuple[Rule, str, object, str]] = [
    (rules.one_type, f"{SUBMIT}>responses>202>{SCHEMA}", REFERENCE, "submit-ghz-job answers"),
    (rules.one_type, "paths>/jobs/{id}>delete>responses>204", {}, "cancel-job answers"),
    (rules.null_is_absent, f"{GHZ}>qubits>nullable", REMOVED, "qubits is optional and not null"),
    (rules.null_is_absent, f"{GHZ}>qubits>default", 5, "qubits has a default"),
    (rules.null_is_absent, f"{GHZ}>more", REFERENCE, "input.more is optional and not nullable"),
    (
        rules.null_is_absent,
        "components>schemas>TargetRequest>maxProperties",
        1,
        "target counts members",
    ),
    (
        rules.null_is_absent,
        "components>schemas>Submission>properties>seed>nullable",
        False,
        "submit-job.seed is optional",
    ),
    (rules.inheritance, f"{JOB}>error", {"oneOf": []}, "Job.error has oneOf"),
    (rules.inheritance, "components>schemas>Job>discriminator", {}, "Job has a discriminator"),
    (rules.inheritance, "components>schemas>JobOutcome>discriminator", {}, "has no discriminator"),
    (
        rules.inheritance,
        "components>schemas>JobOutcome>discriminator>mapping>ghz",
        "Ghz",
        "leads to",
    ),
    (rules.inheritance, "components>schemas>GhzJob>allOf>0", REFERENCE, "leads to"),
    (
        rules.inheritance,
        "components>schemas>JobOutcome>properties>result",
        REFERENCE,
        "JobOutcome has a result",
    ),
    (
        rules.inheritance,
        "components>schemas>JobOutcome>additionalProperties",
        REMOVED,
        "forbids the result",
    ),
    (
        rules.inheritance,
        "components>schemas>GhzJob>allOf>1>properties>createdAt",
        REFERENCE,
        "repeats members",
    ),
    (rules.one_problem, "paths>/jobs>get>responses>404", {}, "list-jobs lists"),
    (rules.one_problem, "paths>/jobs>get>responses>4XX", {}, "list-jobs lists"),
    (rules.one_problem, "paths>/jobs>get>responses>default", REMOVED, "list-jobs lists"),
    (rules.one_problem, "paths>/jobs>get>responses>default>description", "4xx", "no sentence"),
    (
        rules.one_problem,
        "paths>/jobs>get>responses>default>content",
        {"application/json": {}},
        "does not answer with a problem",
    ),
    (rules.enumerations, f"{METHOD}>type", REMOVED, "enumeration of no texts"),
    (rules.enumerations, f"{METHOD}>enum>0", "not-shown", "'not-shown' is no name"),
    (rules.enumerations, f"{METHOD}>nullable", REMOVED, "not both"),
    (
        rules.enumerations,
        "components>schemas>TargetMode>enum",
        ["Hardware", None],
        "what is not set becomes Hardware",
    ),
    (
        rules.cancellation,
        "paths>/jobs/{id}>delete>responses>202>headers>Location",
        REMOVED,
        "cancel-job answers 202",
    ),
    (
        rules.cancellation,
        "paths>/jobs/{id}>delete>responses>202>headers>Operation-Location",
        {},
        "cancel-job answers 202",
    ),
    (rules.once, f"{SUBMIT}>parameters", [], "takes no Idempotency-Key"),
    (rules.azure_errors, "components>schemas>JobError>required", ["code"], "JobError may lack"),
    (rules.azure_errors, "components>schemas>Problem>required", [], "Problem may lack"),
    (rules.azure_errors, "components>schemas>Problem>properties>errors", {}, "calls its list"),
    (rules.azure_errors, "components>schemas>Problem>properties>jobId", REMOVED, "does not name"),
    (rules.numbers, "openapi", "3.1.0", "cannot use 3.1.0"),
    (rules.numbers, f"{JOB}>shots>format", REMOVED, "Job.shots is integer without a format"),
    (
        rules.numbers,
        "components>schemas>Cost>properties>amount>format",
        REMOVED,
        "Cost.amount is number without",
    ),
    (rules.numbers, f"{JOB}>shots>maximum", 2**31, "Job.shots does not fit"),
    (
        rules.numbers,
        "components>schemas>RandomNumbersInput>properties>minimum>format",
        "int32",
        "minimum does not fit",
    ),
    (rules.pages, "paths>/jobs>get>x-ms-pageable", REMOVED, "list-jobs is a list, or"),
    (rules.pages, "paths>/health>get>x-ms-pageable", {"nextLinkName": "nextLink"}, "get-health is"),
    (rules.pages, "components>schemas>JobPage>required", ["value"], "has no nextLink"),
    (rules.pages, "paths>/jobs>get>responses>200>headers", {}, "list-jobs has no Link"),
    (
        rules.long_running,
        f"{SUBMIT}>x-ms-long-running-operation",
        REMOVED,
        "submit-ghz-job does not say",
    ),
    (
        rules.long_running,
        f"{SUBMIT}>x-ms-long-running-operation-options>final-state-via",
        "azure-async-operation",
        "submit-ghz-job does not say",
    ),
    (
        rules.long_running,
        f"{SUBMIT}>responses>202>headers>Location",
        REMOVED,
        "submit-ghz-job does not say",
    ),
    (rules.long_running, "components>schemas>Job>required", ["id"], "Job does not say when"),
    (rules.names, "paths>/health>head", {"operationId": "head-health", "responses": {}}, "a HEAD"),
    (rules.names, f"{SUBMIT}>responses>200>{SCHEMA}", {"type": "object"}, "without a name"),
    (
        rules.names,
        "paths>/jobs>get>parameters>0>schema",
        {"type": "string", "enum": ["Queued"]},
        "status is an enumeration without a name",
    ),
    (
        rules.names,
        "paths>/jobs/{id}>get>parameters>0>schema>format",
        REMOVED,
        "the id in the address",
    ),
    (
        rules.references,
        f"{JOB}>error",
        {"type": "object", "properties": {}},
        "Job.error is a part without a name",
    ),
    (rules.references, f"{JOB}>status>nullable", False, "Job.status has something beside $ref"),
    (
        rules.references,
        "components>schemas>Cost>type",
        REMOVED,
        "Cost is nullable without a type",
    ),
    (rules.references, f"{JOB}>created-at", {}, "Job.created-at is no name"),
    (rules.words, "paths>/jobs>get>summary", "", "list-jobs has no summary"),
    (rules.words, "paths>/jobs>get>parameters>0>example", REMOVED, "status has no example"),
    (
        rules.words,
        "paths>/jobs>get>responses>200>content>application/json>example",
        REMOVED,
        "list-jobs has a body without",
    ),
    (rules.descriptions, f"{JOB}>id>description", REMOVED, "Job.id has no description"),
    (rules.descriptions, f"{JOB}>id>type", REMOVED, "Job.id has no type"),
    (rules.descriptions, "components>schemas>Cost>description", REMOVED, "Cost has no description"),
]


@pytest.mark.parametrize(("rule", "path", "value", "complaint"), MISTAKES)
def test_a_mistake_is_found(rule: Rule, path: str, value: object, complaint: str) -> None:
    """One change of the served document, and the rule says where."""
    found = list(rule(broken(path, value)))

    assert any(complaint in fault for fault in found), found


def test_every_rule_has_a_mistake() -> None:
    """None is there that could not fail."""
    assert {rule for rule, *_ in MISTAKES} == {*RULES}


def examples(document: Json) -> Iterator[tuple[str, Json, object]]:
    """Yield every example of an operation, with its place and its schema."""
    for _, name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield f"{name}: {parameter['name']}", parameter["schema"], parameter["example"]
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for status, body in bodies.items():
            for content in body.get("content", {}).values():
                several = [one["value"] for one in content.get("examples", {}).values()]
                for example in several or [content["example"]]:
                    yield f"{name}: {status}", content["schema"], example
            for header, one in body.get("headers", {}).items():
                yield f"{name}: {header}", one["schema"], one["schema"]["example"]


@pytest.mark.parametrize("document", [contract(), openapi_document(BASE)], ids=["file", "served"])
def test_every_example_is_valid(document: Json) -> None:
    """What is shown of a request or an answer fits its schema, the result of a job too."""
    closed = copy.deepcopy(document["components"])
    for name, schema in closed["schemas"].items():
        # A member that is not described would be valid; the parts of allOf know only their own.
        if "properties" in schema and "discriminator" not in schema and name != "JobOutcome":
            schema.setdefault("additionalProperties", False)
    found = list(examples(document))

    assert len(found) > len(list(operations(document)))
    for place, schema, example in found:
        validator = OAS30Validator(
            {**schema, "components": closed}, format_checker=oas30_format_checker
        )
        assert [error.message for error in validator.iter_errors(example)] == [], place
