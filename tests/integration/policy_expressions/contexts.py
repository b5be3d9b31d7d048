"""Expressions with contexts: what real C# and the local compiler must agree on."""

from __future__ import annotations

from typing import Any

from multidict import CIMultiDict

from localdev.gateway.context import (
    Api,
    Context,
    Headers,
    LastError,
    Operation,
    Request,
    Response,
    Token,
    Url,
)
from localdev.gateway.expressions.values import Long

type Json = dict[str, Any]

JOB = '{"status": "Succeeded", "shots": 100, "links": {"result": "x"}, "list": [1, "b"]}'
BASE: Json = {
    "requestId": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "operation": "get-job",
    "request": {
        "method": "GET",
        "ipAddress": "192.0.2.7",
        "headers": {"Content-Type": ["application/json; charset=utf-8"], "Accept": ["a", "b"]},
        "url": {
            "scheme": "https",
            "host": "api.example.com",
            "port": "443",
            "path": "/quantum/jobs/1",
            "queryString": "?redirect=False&x=1&x=2",
            "query": {"redirect": ["False"], "x": ["1", "2"]},
        },
        "body": None,
        "matchedParameters": {"id": "1"},
    },
    "response": {
        "statusCode": 200,
        "statusReason": "OK",
        "headers": {"Content-Type": ["application/json"], "Retry-After": ["5"]},
        "body": JOB,
    },
    "variables": {
        "callerId": {"type": "string", "value": "tenant:alice"},
        "shots": {"type": "int", "value": 7},
        "large": {"type": "long", "value": 5000000000},
        "flag": {"type": "bool", "value": True},
        "token": {
            "type": "Jwt",
            "value": {
                "tid": "t",
                "oid": "o",
                "sub": "s",
                "scp": "jobs.read jobs.submit",
                "roles": ["jobs.reader", "x"],
                "iat": 12,
            },
        },
    },
    "lastError": {"source": "forward-request", "reason": "Timeout", "message": "late"},
}


def _url(json: Json) -> Url:
    port = int(json["port"])
    texts = (json["path"], json["queryString"])
    return Url(json["scheme"], json["host"], port, *texts, json["query"])


def _headers(json: Json) -> Headers:
    return CIMultiDict((name, value) for name, values in json.items() for value in values)


def _variable(json: Json) -> object:
    kind, value = json["type"], json["value"]
    if kind == "Jwt":
        return Token(value)
    return Long(value) if kind == "long" else value


def context(json: Json) -> Context:
    """Return the local context that a context in JSON describes."""
    request, response, error = json["request"], json["response"], json["lastError"]
    return Context(
        Api("qjobs", "Quantum jobs", "quantum"),
        None if json["operation"] is None else Operation(json["operation"], "GET", "/jobs/{id}"),
        Request(
            request["method"],
            _url(request["url"]),
            _url(request["url"]),
            _headers(request["headers"]),
            (request["body"] or "").encode(),
            request["ipAddress"],
            request["matchedParameters"],
        ),
        None
        if response is None
        else Response(
            response["statusCode"],
            response["statusReason"],
            _headers(response["headers"]),
            (response["body"] or "").encode(),
        ),
        {name: _variable(variable) for name, variable in json["variables"].items()},
        None if error is None else LastError(error["source"], error["reason"], error["message"]),
    )
