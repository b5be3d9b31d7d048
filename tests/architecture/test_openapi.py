"""The contract: valid, importable, and what the functions and the gateway hold to."""

from __future__ import annotations

import asyncio
import copy
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import azure.functions as func
import httpx
import jsonschema
import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from functions import openapi_document as openapi
from functions.openapi_document import openapi_document
from functions.openapi_schema import UnsupportedSchemaError, converted
from functions.problems import error_response
from localdev.gateway import source
from localdev.gateway.configuration import Files
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import catalogue
from qjobs.domain import errors
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import Needs, choose_target
from qjobs.services.channel import OpenChannel
from qjobs.services.listening import Listening
from qjobs.settings import Settings
from tests.architecture.apim_import import Json, faults
from tests.fakes import FakeClock, FakeListeners, target
from tests.openapi import Answer, check_response, contract, refusals, strict_contract
from tests.routes import http_routes

ROOT = Path(__file__).parents[2]
APIM = ROOT / "apim"
BASE = "https://gateway.example.com/quantum"
OF_THE_GATEWAY = {
    *("address-too-long", "bad-gateway", "bad-request", "body-too-large", "forbidden"),
    *("gateway-timeout", "headers-too-large", "internal-error", "length-required"),
    *("method-not-allowed", "temporarily-unavailable", "too-many-requests", "unauthenticated"),
    *("unknown-operation", "unsupported-media-type"),
}
"""Codes of the problems in docs/gateway.md, which `fragments/answer-problem.xml` makes."""


def operations(document: Json) -> dict[str, tuple[str, str, Json]]:
    """Return method, path and operation by operationId."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_the_contract_is_valid() -> None:
    """The file is an OpenAPI 3.0.3 document."""
    document = contract()

    validate(document)
    assert document["openapi"] == "3.0.3"


def test_there_is_one_version() -> None:
    """The contract's is that of the project, in its examples too, and in the served document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    document = contract()
    answer = document["paths"]["/openapi.json"]["get"]["responses"]["200"]["content"]

    assert document["info"]["version"] == project["version"]
    assert answer["application/json"]["example"]["info"]["version"] == project["version"]
    assert openapi_document(BASE)["info"]["version"] == project["version"]


def test_the_served_document_has_every_operation_but_head() -> None:
    """What of the file is left out is HEAD alone."""
    served = operations(openapi_document(BASE))
    left_out = {name: one[0] for name, one in operations(contract()).items() if name not in served}

    assert left_out == {"head-health": "HEAD", "head-openapi": "HEAD"}


def test_nothing_of_it_is_lost_on_import() -> None:
    """API Management imports all of the file, as it is."""
    assert list(faults(contract())) == []


def changed(path: str, value: object) -> Callable[[Json], None]:
    """Return what sets a member of a document, a path of names with `>` between them."""

    def change(document: Json) -> None:
        *parents, name = path.split(">")
        member: Any = document
        for parent in parents:
            member = member[int(parent) if isinstance(member, list) else parent]
        member[name] = value

    return change


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (changed("openapi", "3.1.0"), "cannot be imported"),
        (changed("security", []), "security is ignored"),
        (changed("components>responses", {}), "components.responses"),
        (changed("components>securitySchemes", {}), "components.securitySchemes"),
        (changed("servers", [{"url": "http://x"}]), "not https"),
        (changed("paths>/jobs>parameters", []), "parameters is ignored"),
        (changed("paths>/jobs>get>operationId", "listJobs"), "is changed"),
        (changed("paths>/jobs>get>operationId", "get-job"), "comes twice"),
        (changed("paths>/jobs>get>security", []), "security is ignored"),
        (changed("paths>/jobs>get>x-own", 1), "is dropped"),
        (changed("paths>/jobs>get>parameters>0>in", "cookie"), "cookies"),
        (changed("paths>/jobs>get>parameters>0>name", "tag"), "the name tag comes twice"),
        (changed("paths>/jobs>get>parameters>0>style", "form"), "of a parameter is ignored"),
        (
            changed("paths>/jobs>get>responses>200>content>application/json>schema", {}),
            "without a name",
        ),
        (
            changed(
                "paths>/jobs>get>responses>200>content>application/json>schema>$ref", "x.yaml#/a"
            ),
            "other files",
        ),
        (changed("paths>/jobs>get>responses>200>content>application/json>examples", {}), "example"),
        (
            changed(
                "components>schemas>Job>properties>error", {"$ref": "#/components/schemas/JobPage"}
            ),
            "contains itself",
        ),
    ],
)
def test_a_mistake_that_import_would_hide_is_found(
    mistake: Callable[[Json], None], complaint: str
) -> None:
    """Each thing that API Management ignores or changes is noticed."""
    document = copy.deepcopy(contract())
    mistake(document)

    assert any(complaint in fault for fault in faults(document))


def test_the_operations_are_the_functions() -> None:
    """Method and path of every operation are those of a function, and the other way round."""
    assert {(method, path) for method, path, _ in operations(contract()).values()} == http_routes()


def test_the_gateway_makes_the_documented_problems() -> None:
    """The fragment that answers with a problem has the codes of the list above, and no others."""
    fragment = (APIM / "fragments" / "answer-problem.xml").read_text(encoding="utf-8")

    assert set(
        re.findall(r'(?:\?|:) "([a-z]+(?:-[a-z]+)+|forbidden|unauthenticated)"', fragment)
    ) == (OF_THE_GATEWAY)


def test_every_refusal_is_a_problem_with_an_example() -> None:
    """Whatever goes wrong is one response of each operation, with a correct example."""
    document = contract()
    components = document["components"]
    reference = {"$ref": "#/components/schemas/Problem", "components": components}
    for method, _, operation in operations(document).values():
        if method == "HEAD":
            continue  # its answers have no body
        assert all(status < "400" for status in operation["responses"] if status != "default")
        content = operation["responses"]["default"]["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert not list(OAS30Validator(reference).iter_errors(content["example"]))
        assert content["example"]["status"] in refusals(operation)


def no_channel() -> errors.QJobsError:
    """Return the error of a deployment without a channel."""
    clock = FakeClock()
    opening = OpenChannel(None, Listening(FakeListeners(clock), (), clock))
    with pytest.raises(errors.ChannelUnavailableError) as unavailable:
        asyncio.run(opening("owner"))
    return unavailable.value


def real_problem(example: Json) -> Json:
    """Return the problem that the functions answer with in the case that an example is of."""
    error: errors.QJobsError
    match example["code"]:
        case "unknown-job":
            error = errors.UnknownJobError()
        case "unknown-webhook":
            error = errors.UnknownWebhookError()
        case "unknown-delivery":
            error = errors.UnknownDeliveryError()
        case "too-many-webhooks":
            error = errors.TooManyWebhooksError()
        case "webhook-not-active":
            error = errors.WebhookNotActiveError()
        case "unknown-algorithm":
            with pytest.raises(errors.UnknownAlgorithmError) as unknown:
                catalogue().describe("no_such_algorithm")
            error = unknown.value
        case "invalid-request":
            _, found = catalogue().check("ghz", {"qubits": 1000})
            error = errors.InvalidInputError(
                violations=[replace(one, pointer=f"/input{one.pointer}") for one in found]
            )
        case "functions-not-running":
            error = errors.FunctionsNotRunningError(example["detail"])
        case "channel-unavailable":
            error = no_channel()
        case code:
            raise AssertionError(f"no case for {code}")
    path = example["instance"].removeprefix("/quantum")
    request = func.HttpRequest(
        "GET", f"https://x/api{path}", headers={"x-forwarded-prefix": "/quantum"}, body=b""
    )
    problem: Json = json.loads(error_response(request, error).get_body())
    return problem


def refusal_of_the_gateway() -> str:
    """Return what the gateway says of too many requests, without the seconds."""
    policies = (APIM / "policies" / "api.xml").read_text(encoding="utf-8")
    values = json.loads((APIM / "named-values.json").read_text(encoding="utf-8"))
    (words,) = re.findall(r'<set-variable name="limit" value="(.*polls-per.*)" />', policies)
    polls = values["polls-per-minute"]["default"]
    return f"{words.replace('{{polls-per-minute}}', polls)}: send the next one in "


def test_every_example_of_a_problem_is_what_the_code_says() -> None:
    """Title, detail, message and violations are those of the real answer."""
    for name, (method, _, operation) in operations(contract()).items():
        if method == "HEAD":
            continue
        content = operation["responses"]["default"]["content"]["application/problem+json"]
        example = content["example"]
        if example["code"] == "too-many-requests":
            assert re.fullmatch(re.escape(refusal_of_the_gateway()) + r"\d+ s\.", example["detail"])
            assert example["message"] == example["detail"]
        else:
            assert example == real_problem(example), name


def test_every_example_of_a_choice_has_a_reason_that_the_code_gives() -> None:
    """`target.reason` reads as it does in an answer."""
    targets = [target("a.sim.x"), target("b.sim.x", queue=5)]
    chosen = choose_target(TargetRequest(mode=Mode.SIMULATOR), targets, Needs(3))
    named = choose_target(TargetRequest(id=targets[0].id), targets, Needs(3))
    text = (APIM / "openapi.yaml").read_text(encoding="utf-8")
    reasons = set(re.findall(r"asOf: [^}]*reason: ([^\n}]+)\}", text))

    assert reasons <= {chosen.reason, named.reason, "null"}
    assert chosen.reason in reasons


def test_every_success_of_an_operation_has_one_schema() -> None:
    """A client reads an answer by its operation alone, whatever its status."""
    for document in (contract(), openapi_document(BASE)):
        for method, _, operation in operations(document).values():
            schemas = {
                json.dumps(content["schema"])
                for status, response in operation["responses"].items()
                if status != "default"
                for content in response.get("content", {}).values()
            }
            assert len(schemas) == (method != "HEAD"), operation["operationId"]


def test_every_operation_says_what_the_gateway_may_answer() -> None:
    """Each operation documents refusals for everybody, and those for tokens if it needs one."""
    for name, (_, _, operation) in operations(contract()).items():
        statuses = refusals(operation)
        assert statuses >= {429, 500, 502, 503, 504}
        is_open = name in {
            *("get-functions-health", "get-health", "head-health"),
            *("get-openapi", "head-openapi"),
        }
        assert (statuses & {401, 403} == set()) is is_open
        needs = "Needs no token." if is_open else "Needs the scope jobs."
        assert needs in operation["description"]
        assert "Retry-After" in operation["responses"]["default"]["headers"]


def test_a_browser_may_send_and_read_every_header() -> None:
    """The headers of the contract are those that the policy allows pages to use."""
    document = contract()
    files = Files(APIM)
    values = dict.fromkeys(files.json("named-values.json"), "x")
    cors = next(one for one in source.read(files.api, values).every() if one.name == "cors")
    listed = {part.name: {one.text.lower() for one in part.children} for part in cors.children}
    sent, read, methods = set(), set(), set()
    for method, _, operation in operations(document).values():
        methods.add(method.lower())
        sent |= {
            one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"
        }
        for response in operation["responses"].values():
            read |= {name.lower() for name in response.get("headers", {})}

    assert listed["allowed-methods"] == methods
    assert listed["allowed-headers"] >= sent | {"authorization", "content-type"}
    # Pages may read these anyway, and need not read the last.
    assert listed["expose-headers"] >= read - {"cache-control", "expires", "vary"}


def test_gateway_and_functions_have_one_limit_for_bodies() -> None:
    """What the gateway lets through by size, the functions take."""
    values = json.loads((APIM / "named-values.json").read_text(encoding="utf-8"))
    example = Path(__file__).parents[2] / "local.settings.json.example"
    settings = Settings.from_environment(json.loads(example.read_text(encoding="utf-8"))["Values"])

    assert int(values["largest-body-bytes"]["default"]) == settings.largest_body


def test_the_served_document_is_valid_and_has_this_address() -> None:
    """What is served is an OpenAPI document of its own, for the address it is served at."""
    document = openapi_document(BASE)

    validate(document)
    assert document["servers"] == [{"url": BASE}]
    assert openapi_document("http://other")["servers"] == [{"url": "http://other"}]


def test_the_served_document_holds_the_contract() -> None:
    """Everything in the file is served but for HEAD, besides what is more precise."""
    served, file = openapi_document(BASE), contract()

    for path, item in file["paths"].items():
        assert served["paths"][path].keys() == item.keys() - {"head"}
        for method, ours in served["paths"][path].items():
            added = {one: ours[one] for one in ours if one.startswith("x-")} | {"security": None}
            assert ours | {"security": None} == item[method] | added
    assert served["components"]["schemas"].keys() > file["components"]["schemas"].keys()


def test_an_algorithm_that_cannot_be_typed_keeps_none_from_being_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its schemas are beyond OpenAPI 3.0.3: the others are typed, and the log says why."""
    for name in ("ghz", "emoticons"):
        shutil.copytree(APIM.parent / "algorithms" / name, tmp_path / name)
    file = tmp_path / "ghz" / "input.schema.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"if": {}}))
    monkeypatch.setattr(openapi, "catalogue", lambda: FileCatalogue(tmp_path))

    document = openapi._document.__wrapped__()  # noqa: SLF001 - what is served is kept

    validate(document | {"servers": []})
    assert "/algorithms/emoticons/jobs" in document["paths"]
    assert "/algorithms/ghz/jobs" not in document["paths"]
    assert not [name for name in document["components"]["schemas"] if name.startswith("Ghz")]
    (record,) = caplog.records
    assert "there is no if" in record.getMessage()


@pytest.mark.parametrize("entry", catalogue().all(), ids=lambda entry: entry["id"])
def test_each_algorithm_has_a_typed_operation(entry: Json) -> None:
    """Its worked examples fit its operation's schema, and what its own schema refuses does not."""
    document = openapi_document(BASE)
    algorithm = catalogue().describe(entry["id"])
    path = document["paths"][f"/algorithms/{entry['id']}/jobs"]
    name = path["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    components = document["components"]
    validator = OAS30Validator({"$ref": name, "components": components})

    for example in algorithm["examples"]:
        assert not list(validator.iter_errors(example))
    for bad in ({}, {"input": 1}, {"input": {"nothing": 1}}, {"input": {}, "shots": 0}):
        assert list(validator.iter_errors(bad)), bad
    own = jsonschema.Draft202012Validator(algorithm["resultSchema"])
    result = name.replace("Submission", "Result")
    typed = OAS30Validator({"$ref": result, "components": components})
    for example in algorithm["resultSchema"]["examples"]:
        assert own.is_valid(example)
        assert typed.is_valid(example)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": 1}, {"enum": [1]}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"examples": [1, 2]}, {"example": 1}),
        ({"exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"exclusiveMaximum": 9}, {"maximum": 9, "exclusiveMaximum": True}),
        ({"items": {"const": 1}}, {"items": {"enum": [1]}}),
        ({"properties": {"a": {"const": 1}}}, {"properties": {"a": {"enum": [1]}}}),
        ({"additionalProperties": {"const": 1}}, {"additionalProperties": {"enum": [1]}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"oneOf": [{"const": 1}]}, {"oneOf": [{"enum": [1]}]}),
        ({"not": {"const": 1}}, {"not": {"enum": [1]}}),
        ({"$schema": "x", "type": "object"}, {"type": "object"}),
    ],
)
def test_a_schema_is_converted_to_what_says_the_same(schema: Json, expected: Json) -> None:
    """Each keyword becomes its equivalent of OpenAPI 3.0.3, at any depth."""
    assert converted(schema) == expected


@pytest.mark.parametrize(
    "schema",
    [
        {"if": {}},
        {"prefixItems": []},
        {"patternProperties": {}},
        {"type": ["string", "integer"]},
        {"properties": {"a": {"items": {"contains": {}}}}},
    ],
)
def test_a_schema_without_an_equivalent_is_refused(schema: Json) -> None:
    """A keyword that OpenAPI 3.0.3 lacks is an error, never left out."""
    with pytest.raises(UnsupportedSchemaError):
        converted(schema)


JOB_HEADERS = {"content-type": "application/json"}
IMMUTABLE = {
    "etag": '"1"',
    "cache-control": "private",
    "expires": "Mon, 28 Dec 2026 09:00:02 GMT",
    "vary": "Authorization",
}
HEALTHY = Answer("GET", "/health", 200, JOB_HEADERS, b'{"status": "Healthy"}')


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Answer("GET", "/health", 201, JOB_HEADERS, HEALTHY.body), "not documented"),
        (Answer("GET", "/health", 200, {"content-type": "text/plain"}, HEALTHY.body), "text/plain"),
        (Answer("GET", "/health", 200, JOB_HEADERS, b'{"status": "Ill"}'), "Ill"),
        (Answer("GET", "/health", 200, JOB_HEADERS, b'{"status": "Healthy", "x": 1}'), "x"),
        (Answer("GET", "/health", 200, JOB_HEADERS, b"{}"), "status"),
        (Answer("GET", "/nothing", 200, JOB_HEADERS, b"{}"), "no operation"),
        (Answer("GET", "/nothing", 404, JOB_HEADERS, b"{}"), "type"),
        (Answer("PUT", "/jobs", 404, JOB_HEADERS, b"{}"), "no operation"),
        (Answer("PUT", "/jobs", 405, JOB_HEADERS, b"{}"), "other methods"),
        (Answer("PUT", "/jobs", 405, {"allow": "GET"}, b"{}"), "type"),
        (Answer("GET", "/jobs/1/result", 304, IMMUTABLE, b"x"), "no body"),
        (Answer("GET", "/algorithms", 200, JOB_HEADERS, b'{"value": []}'), "Cache-Control"),
        (Answer("GET", "/jobs", 409, JOB_HEADERS, b"{}"), "not documented"),
        (Answer("GET", "/jobs", 429, {"retry-after": "soon"}, b"{}"), "Retry-After is no number"),
        (Answer("GET", "/jobs/1", 200, JOB_HEADERS, b'{"id": "x"}'), "is not a 'uuid'"),
    ],
)
def test_an_answer_that_is_not_as_documented_is_found(answer: Answer, complaint: str) -> None:
    """The tests' validator notices status, headers, type and members."""
    strict_contract().check(HEALTHY)

    with pytest.raises(AssertionError, match=complaint):
        strict_contract().check(answer)


async def test_the_hook_takes_both_addresses() -> None:
    """An answer is checked whether it came through the gateway or from the functions."""
    for base in ("http://x/quantum", "http://x/api"):
        request = httpx.Request("GET", f"{base}/health?x=1")
        await check_response(httpx.Response(200, json={"status": "Healthy"}, request=request))
        with pytest.raises(AssertionError):
            await check_response(httpx.Response(200, json={}, request=request))
