"""Holds answers to the contract: whatever is not documented there is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from localdev.gateway.operations import Route, find, routes

FILE = Path(__file__).parents[1] / "apim" / "openapi.yaml"

type Json = dict[str, Any]


def contract() -> Json:
    """Return the contract."""
    document: Json = yaml.load(FILE.read_bytes(), yaml.CSafeLoader)
    return document


@dataclass(frozen=True)
class Answer:
    """What came back, and what was asked."""

    method: str
    path: str
    """Below the API's address."""
    status: int
    headers: Mapping[str, str]
    body: bytes


def refusals(operation: Json) -> set[int]:
    """Return the statuses that the description of an operation's problems lists."""
    description = operation["responses"]["default"]["description"]
    return set(map(int, re.findall(r"\b[45][0-9]{2}\b", description)))


class Contract:
    """The contract, strict: objects have no members that are not in their schemas."""

    def __init__(self, document: Json, known: list[Route]) -> None:
        for schema in document["components"]["schemas"].values():
            _close(schema)
        self._document = document
        self._routes = known

    def check(self, answer: Answer) -> None:
        """Check an answer.

        Raises:
            AssertionError: it is not as documented.

        """
        found = find(self._routes, answer.method, answer.path)
        if found is None:
            allowed = [
                method
                for method in ("GET", "HEAD", "POST", "DELETE")
                if find(self._routes, method, answer.path)
            ]
            assert answer.status == (405 if allowed else 404), f"{answer} is no operation"
            assert answer.headers.get("allow", "") == ", ".join(allowed), f"other methods: {answer}"
            self._check_body("Problem", answer)
            return
        operation = self._document["paths"][found[0].url_template][answer.method.lower()]
        documented = operation["responses"].get(str(answer.status))
        if documented is None:
            documented = operation["responses"]["default"]
            listed = refusals(operation)
            assert answer.status in listed, f"{answer.status} is not documented: {answer}"
        for name, header in documented.get("headers", {}).items():
            value = answer.headers.get(name.lower())
            if value is None:
                assert not header.get("required"), f"{name} is missing: {answer}"
            else:
                integer = header["schema"]["type"] == "integer"
                assert value.isdecimal() or not integer, f"{name} is no number: {answer}"
        media_types = documented.get("content")
        if media_types is None:
            assert not answer.body, f"there is to be no body: {answer}"
            return
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        assert media_type in media_types, f"{media_type} is not documented: {answer}"
        self._check_body(media_types[media_type]["schema"]["$ref"].rpartition("/")[2], answer)

    def _check_body(self, schema: str, answer: Answer) -> None:
        self.check_document(schema, json.loads(answer.body), f": {answer}")

    def check_document(self, schema: str, document: Any, about: str = "") -> None:  # noqa: ANN401 - JSON
        """Check a document against one of the schemas.

        Raises:
            AssertionError: it is not as the schema says.

        """
        components = self._document["components"]
        reference = {"$ref": f"#/components/schemas/{schema}", "components": components}
        validator = OAS30Validator(reference, format_checker=oas30_format_checker)
        errors = [
            f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)
        ]
        assert not errors, f"{errors}{about}"


def check_schema(name: str, document: Json) -> None:
    """Check a document against a schema of the contract.

    Raises:
        AssertionError: it is not as the schema says, or has more members.

    """
    strict_contract().check_document(name, document)


def _close(schema: Json) -> None:
    """Refuse members of objects that are not in the schema, unless it says that there are more."""
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
        for one in schema["properties"].values():
            _close(one)
    if "items" in schema:
        _close(schema["items"])


@cache
def strict_contract() -> Contract:
    """Return the contract, read once."""
    return Contract(contract(), routes(FILE))


async def check_response(response: httpx.Response) -> None:
    """Check a response of the API: an event hook of httpx."""
    await response.aread()
    path = response.request.url.raw_path.decode().partition("?")[0]
    answer = Answer(
        response.request.method,
        path.removeprefix("/quantum").removeprefix("/api"),
        response.status_code,
        response.headers,
        response.content,
    )
    strict_contract().check(answer)
