"""ASGI application of the host: HTTP functions behind their routes, and the admin API."""

from __future__ import annotations

import json
import logging

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from localdev.host.app import App, Endpoint
from localdev.host.http_datum import request_datum, response
from localdev.host.keys import Keys, Level
from localdev.host.worker import Function, InvocationError, Trace

_log = logging.getLogger(__name__)
_ADMIN = "/admin/"


def application(app: App, keys: Keys) -> ASGIApp:
    """Return the ASGI application in front of the functions."""
    return _Front(app, keys)


class _Front:
    def __init__(self, app: App, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            reply = await self._respond(request)
        except ClientDisconnect:
            return  # it has gone before it said all; there is no one to respond to
        except Exception:  # noqa: BLE001 - whatever it is, the caller gets a response
            _log.exception("%s %s fails", request.method, request.url.path)
            reply = Response(status_code=500)
        await reply(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.scope["path"].lower().startswith(_ADMIN):
            return await self._administer(request)
        # As it was sent: an encoded slash is no slash.
        path = request.scope["raw_path"].decode("latin-1")
        for route, endpoint in self._app.routes:
            values = route.match(request.method, path)
            if values is not None:
                return await self._call(request, endpoint, values)
        return Response(status_code=404)  # for another verb too

    async def _call(self, request: Request, endpoint: Endpoint, values: dict[str, str]) -> Response:
        if self._level(request) < endpoint.level:
            return Response(status_code=401)
        parent = request.headers.get("traceparent")
        trace = Trace(parent, request.headers.get("tracestate", "")) if parent else None
        try:
            invoked = await self._app.run(
                endpoint.function, await request_datum(request, values), trace=trace
            )
        except InvocationError:
            return Response(status_code=500)
        return response(invoked.returned)

    async def _administer(self, request: Request) -> Response:  # noqa: PLR0911 - one per address
        match request.method, request.scope["path"].strip("/").lower().split("/")[1:]:
            case _, ["host", "ping"]:
                return Response()
            case _ if self._level(request) < Level.ADMIN:
                return Response(status_code=401)
            case "GET", ["host", "status"]:
                return JSONResponse({"id": "localdev", "state": "Running", "version": "4"})
            case "GET", ["functions"]:
                return JSONResponse([_described(one) for one in self._app.functions.values()])
            case "GET", ["functions", name] if function := self._function(name):
                return JSONResponse(_described(function))
            case "POST", ["functions", name] if function := self._function(name):
                return await self._start(request, function)
        return Response(status_code=404)

    async def _start(self, request: Request, function: Function) -> Response:
        """Start a timer or queue function; the response does not wait for its end."""
        try:
            argument = json.loads(await request.body()).get("input")
        except (ValueError, AttributeError):
            return Response(status_code=400)
        given = argument if isinstance(argument, str) else json.dumps(argument)
        started = self._app.trigger(function.name, "" if argument is None else given)
        return Response(status_code=202 if started else 400)

    def _function(self, name: str) -> Function | None:
        return next((one for one in self._app.functions.values() if one.name.lower() == name), None)

    def _level(self, request: Request) -> Level:
        return self._keys.level(
            request.headers.get("x-functions-key"), request.query_params.get("code")
        )


def _described(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "config": {"bindings": function.bindings},
        "isDisabled": False,
        "language": "python",
    }
