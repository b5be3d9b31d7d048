"""The app of the recordings, written again: its functions say what they were given."""

from __future__ import annotations

from collections.abc import Mapping

from localdev.host.configuration import UnsupportedError
from localdev.host.keys import Level
from localdev.host.routes import Route
from localdev.host.worker import Function

ONE_SEGMENT = {"echo/{*rest}": "echo/{rest}"}
"""Routes that are written otherwise, because the host refuses what no request here needs."""

CODE = """
from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
LEVELS = func.AuthLevel


def note(**facts):
    with Path("notes.txt").open("a") as notes:
        notes.write(json.dumps(facts, default=str) + "\\n")


def seen(name):
    async def function(req: func.HttpRequest) -> func.HttpResponse:
        if name == "cancel_job":
            return func.HttpResponse(status_code=204)
        body = req.get_body()
        facts = {
            "function": name,
            "method": req.method,
            "url": req.url,
            "headers": sorted(req.headers.items()),
            "params": sorted(req.params.items()),
            "routeParams": dict(req.route_params),
            "bodyType": type(body).__name__,
            "bodyLength": len(body),
            "body": body[:64].decode("latin-1"),
            "form": sorted(req.form.items()),
        }
        submitted = name == "submit_job"
        return func.HttpResponse(
            json.dumps(facts),
            status_code=202 if submitted else 200,
            headers={"Location": "/api/jobs/1"} if submitted else {},
            mimetype="application/json",
        )

    function.__name__ = name
    return function


async def respond(req: func.HttpRequest) -> func.HttpResponse:
    spec = json.loads(base64.urlsafe_b64decode(req.params["spec"]))
    if spec.get("none"):
        return None
    body = spec.get("body")
    if "hex" in spec:
        body = bytes.fromhex(spec["hex"])
    if "size" in spec:
        body = "x" * spec["size"]
    options = {name: spec[name] for name in ("mimetype", "charset") if name in spec}
    response = func.HttpResponse(
        body, status_code=spec.get("status", 200), headers=spec.get("headers"), **options
    )
    for name, value in spec.get("add", ()):
        response.headers.add(name, value)
    return response


def text(req: func.HttpRequest) -> str:
    return "plain text, \\u00fc"


def boom(req: func.HttpRequest) -> str:
    raise RuntimeError("boom")


def wrong(req: func.HttpRequest) -> func.HttpResponse:
    return {"a": 1}


def pid(req: func.HttpRequest) -> str:
    return str(os.getpid())


OWN = {"respond": respond, "text": text, "boom": boom, "wrong": wrong, "pid": pid}
for name, (route, methods) in {}.items():
    members = {"route": route} if route is not None else {}
    trigger = app.route(methods=methods, **members)
    app.function_name(name)(trigger(OWN.get(name) or seen(name)))
"""

RETURNED = """
@app.route()
def nothing_annotated(req: func.HttpRequest) -> func.HttpResponse:
    return None

@app.route()
def number(req: func.HttpRequest) -> func.HttpResponse:
    return 1

@app.route()
def data(req: func.HttpRequest) -> func.HttpResponse:
    return b"data"

@app.route()
def bare(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse()

@app.route()
def trace(req: func.HttpRequest, context: func.Context) -> str:
    return json.dumps({
        "traceParent": context.trace_context.trace_parent,
        "traceState": context.trace_context.trace_state,
        "retryCount": context.retry_context.retry_count or 0,
        "name": context.function_name,
        "directory": context.function_directory,
    })

@app.route()
def noted(req: func.HttpRequest) -> str:
    raise SystemExit(3)
"""


def refused(route: str) -> bool:
    """Tell whether the host refuses a route by name: it has what only the Functions host has."""
    try:
        function = Function("", "", ())
        return not Route(route, frozenset(), function, Level.ANONYMOUS).segments
    except UnsupportedError:
        return True


def code(functions: Mapping[str, Mapping[str, object]]) -> str:
    """Return the source of the app, with those of the recorded functions that the host takes."""
    routes = {
        name: (route, function["methods"])
        for name, function in functions.items()
        for route in [ONE_SEGMENT.get(str(function["route"]), function["route"])]
        if route is None or not refused(str(route))
    }
    return CODE.replace(" in {}.items()", f" in {routes!r}.items()")
