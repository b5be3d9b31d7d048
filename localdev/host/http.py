"""ASGI application of the host: HTTP functions behind their routes, and the admin API."""

from __future__ import annotations

import json
import logging
import re

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from localdev.host.app import App
from localdev.host.http_datum import request_datum, response
from localdev.host.keys import Keys, Level
from localdev.host.request_target import decode_path, decode_query
from localdev.host.routes import Route
from localdev.host.worker import Function, InvocationError

_log = logging.getLogger(__name__)
_HOST = re.compile(r"[^\s/\\?#@]+")
_LONGEST_LINE = 8192
_MOST_HEADERS = 100
_LONGEST_HEADERS = 32768
_UNCACHED = {"Cache-Control": "no-store,no-cache", "Pragma": "no-cache"}


class Front:
    """ASGI application in front of the functions: their routes, and the admin API."""

    def __init__(self, app: App, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        request = Request(scope, receive)
        try:
            reply = await self._respond(request)
        except ClientDisconnect:
            return  # it has gone before it said all; there is no one to respond to
        except Exception:  # noqa: BLE001 - whatever it is, the caller gets a response
            _log.exception("%s %s fails", request.method, request.url.path)
            reply = Response(status_code=500)
        if request.method == "HEAD" and reply.headers.get("content-length") == "0":
            del reply.headers["content-length"]
        if request.scope["http_version"] == "1.0":  # which knows no chunks
            reply.headers.setdefault("content-length", str(len(reply.body)))
        await reply(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        try:
            path = decode_path(request.scope["raw_path"])
        except ValueError:
            return _refusal(400)
        if (status := _refused(request)) is not None:
            return _refusal(status)
        if path.lower().startswith(("/admin/", "/runtime/")):
            return await self._administer(request, path.lower().strip("/").split("/"))
        for route in self._app.routes:
            values = route.match(request.method, path)
            if values is not None:
                return await self._call(request, path, route, values)
        return Response(status_code=404)  # for another verb too

    async def _call(
        self, request: Request, path: str, route: Route, values: dict[str, str]
    ) -> Response:
        if self._level(request) < route.level:
            return Response(status_code=401)
        trigger = await request_datum(request, path, values)
        try:
            returned = await self._app.run(route.function, trigger)
        except InvocationError:
            return Response(status_code=500)
        return response(request.method, returned)

    async def _administer(self, request: Request, path: list[str]) -> Response:  # noqa: PLR0911 - one per case
        match request.method, path:
            case "GET" | "POST", ["admin", "host", "ping"]:
                return Response(headers=_UNCACHED)
            case "GET", ["admin", "warmup"]:
                return Response()
            case (
                ("GET", ["admin", "host", "status"] | ["admin", "functions"])
                | ("GET" | "POST", ["admin", "functions", _])
                | (_, ["runtime", *_])
            ):
                level = self._level(request)
                if level is Level.ANONYMOUS:
                    return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
                if level is not Level.ADMIN:
                    return Response(status_code=403)
        match request.method, path:
            case "GET", ["admin", "host", "status"]:
                return JSONResponse({"id": "localdev", "state": "Running", "version": "4"})
            case "GET", ["admin", "functions"]:
                return JSONResponse([_described(one) for one in self._app.functions.values()])
            case "GET", ["admin", "functions", name] if function := self._function(name):
                return JSONResponse(_described(function))
            case "POST", ["admin", "functions", name] if function := self._function(name):
                return await self._start(request, function)
        return Response(status_code=404)

    async def _start(self, request: Request, function: Function) -> Response:
        """Start a timer or queue function; the response does not wait for its end."""
        if "json" not in request.headers.get("content-type", ""):
            return Response(status_code=415)
        try:
            argument = json.loads(await request.body()).get("input", "")
        except (ValueError, AttributeError):
            return Response(status_code=400)
        started = isinstance(argument, str) and self._app.trigger(function.name, argument)
        return Response(status_code=202 if started else 400)

    def _function(self, name: str) -> Function | None:
        return next((one for one in self._app.functions.values() if one.name.lower() == name), None)

    def _level(self, request: Request) -> Level:
        query = decode_query(request.scope["query_string"]).items()
        code = next((value for name, value in query if name.lower() == "code"), None)
        return self._keys.level(request.headers.get("x-functions-key"), code)


def _refused(request: Request) -> int | None:
    """Return the status by which Azure's server refuses a request before any function has it."""
    target = len(request.scope["raw_path"]) + len(request.scope["query_string"])
    if len(request.method) + target + len(" ? HTTP/1.1\r\n") > _LONGEST_LINE:
        return 414
    headers = request.headers.raw
    size = sum(len(name) + len(value) + len(": \r\n") for name, value in headers)
    if len(headers) > _MOST_HEADERS or size > _LONGEST_HEADERS:
        return 431
    hosts = request.headers.getlist("host")
    return None if len(hosts) == 1 and _HOST.fullmatch(hosts[0]) else 400


def _refusal(status: int) -> Response:
    return Response(status_code=status, headers={"Connection": "close"})


def _described(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "config": {"bindings": function.bindings},
        "isDisabled": False,
        "language": "python",
    }
