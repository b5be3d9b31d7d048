"""HTTP as the host speaks it, to callers and to the worker."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from http.cookies import SimpleCookie
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as StarletteRoute

from localdev.host.app import App, Endpoint
from localdev.host.keys import Keys, Level
from localdev.host.worker import InvocationError, text

_log = logging.getLogger(__name__)
_VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})
"""Headers that the server sets itself."""

type Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def application(app: App, keys: Keys, lifespan: Lifespan) -> Starlette:
    """Return the ASGI application in front of the functions."""
    front = _Front(app, keys)
    return Starlette(
        routes=[
            StarletteRoute("/admin/host/ping", front.ping, methods=["GET", "POST"]),
            StarletteRoute("/admin/host/status", front.status),
            StarletteRoute("/admin/functions", front.functions),
            StarletteRoute("/admin/functions/{name}", front.run, methods=["POST"]),
            StarletteRoute("/{path:path}", front.call, methods=_VERBS),
        ],
        lifespan=lifespan,
    )


class _Front:
    def __init__(self, app: App, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def call(self, request: Request) -> Response:
        """Route a request to its function; no route, or another verb, is a 404."""
        path = request.scope["raw_path"].decode("ascii")
        for route, endpoint in self._app.routes:
            values = route.match(request.method, path)
            if values is not None:
                if self._level(request) < endpoint.level:
                    return Response(status_code=401)
                return await self._invoke(request, endpoint, values)
        return Response(status_code=404)

    async def _invoke(
        self, request: Request, endpoint: Endpoint, values: dict[str, str]
    ) -> Response:
        function = endpoint.function
        try:
            invoked = await self._app.run(
                function,
                await _request_datum(request, values),
                trace_parent=request.headers.get("traceparent"),
            )
        except InvocationError:
            return Response(status_code=500)
        return _response(invoked.returned)

    async def ping(self, _: Request) -> Response:
        """Say that the host is there."""
        return Response()

    async def status(self, request: Request) -> Response:
        """Say that the host runs."""
        if self._level(request) < Level.ADMIN:
            return Response(status_code=401)
        return JSONResponse({"id": "localdev", "state": "Running", "version": "4"})

    async def functions(self, request: Request) -> Response:
        """List the functions with their bindings."""
        if self._level(request) < Level.ADMIN:
            return Response(status_code=401)
        return JSONResponse(
            [
                {"name": one.name, "config": {"bindings": one.bindings}}
                for one in self._app.functions.values()
            ]
        )

    async def run(self, request: Request) -> Response:
        """Run a timer or queue function by hand."""
        if self._level(request) < Level.ADMIN:
            return Response(status_code=401)
        try:
            argument = json.loads(await request.body() or b"{}").get("input", "")
            await self._app.trigger(request.path_params["name"], str(argument))
        except KeyError:
            return Response(status_code=404)
        except (ValueError, AttributeError):
            return Response(status_code=400)
        except InvocationError:
            return Response(status_code=500)
        return Response(status_code=202)

    def _level(self, request: Request) -> Level:
        return self._keys.level(
            request.headers.get("x-functions-key"), request.query_params.get("code")
        )


async def _request_datum(request: Request, values: dict[str, str]) -> Datum:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if value:  # the worker is not told of empty ones
            query[name] = f"{query[name]},{value}" if name in query else value
    # Without a Content-Length the host passes no body on.
    body = await request.body() if headers.get("content-length", "0") != "0" else b""
    return Datum(
        {
            "method": text(request.method),
            "url": text(str(request.url)),
            "headers": {name: text(value) for name, value in headers.items()},
            "query": {name: text(value) for name, value in query.items()},
            "params": {name: text(value) for name, value in values.items()},
            "body": Datum(body, "bytes"),
        },
        "http",
    )


def _response(returned: Datum | None) -> Response:
    if returned is None:
        return Response()
    if returned.type != "http":
        return Response(str(returned.value), media_type="text/plain")
    parts: dict[str, Any] = returned.value
    body = parts["body"].value if parts.get("body") is not None else b""
    response = Response(
        body.encode() if isinstance(body, str) else body, int(parts["status_code"].value)
    )
    for name, value in parts["headers"].items():
        if name.lower() not in _OWN_HEADERS:
            response.headers[name] = str(value.value)
    for cookie in parts.get("cookies") or ():
        _set_cookies(response, cookie)
    return response


def _set_cookies(response: Response, cookie: SimpleCookie) -> None:
    for morsel in cookie.values():
        response.headers.append("set-cookie", morsel.OutputString())
