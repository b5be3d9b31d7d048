"""ASGI application of the gateway: routes requests to operations and runs their policies."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from urllib.parse import parse_qs

import starlette.requests
from multidict import CIMultiDict
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from localdev.gateway.compiler import Sections
from localdev.gateway.configuration import Policies
from localdev.gateway.context import Api, Context, LastError, Request, Response, Url
from localdev.gateway.exchange import Exchange, default_response, respond
from localdev.gateway.grammar import BACKEND, INBOUND, ON_ERROR, OUTBOUND
from localdev.gateway.operations import find

_log = logging.getLogger(__name__)
_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")


class Gateway:
    """ASGI application that applies the policies to every request."""

    def __init__(self, api: Api, policies: Policies) -> None:
        self._api = api
        self._policies = policies
        self._prefix = f"/{api.path}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Process one request and send the response."""
        request = starlette.requests.Request(scope, receive)
        try:
            response = await self._respond(request, await request.body())
        except ClientDisconnect:
            return  # there is nobody to respond to
        except Exception:  # noqa: BLE001 - the caller gets a response in any case
            _log.exception("%s %s fails", scope["method"], scope["path"])
            response = default_response(500, "Internal server error")
        _log.info("%s %s %d", scope["method"], scope["path"], response.status_code)
        await _send(response, send)

    async def _respond(self, received: starlette.requests.Request, body: bytes) -> Response:
        url = _url(received)
        if url is None:
            return default_response(400, "The Host header is not valid.")
        if not (url.path == self._prefix or url.path.startswith(f"{self._prefix}/")):
            return default_response(404, "Resource not found")
        path = url.path.removeprefix(self._prefix)
        request = Request(
            method=received.method,
            url=Url(url.scheme, url.host, url.port, path, url.query_string, url.query),
            original_url=url,
            headers=CIMultiDict(received.headers.items()),
            body=body,
            ip_address=received.client.host if received.client else "",
            matched_parameters={},
        )
        context = Context(self._api, None, request)
        exchange = Exchange(context)
        found = find(self._policies.routes, request.method, path)
        if found is not None:
            context.operation, request.matched_parameters = found
            return await _run(self._policies.of_operations[context.operation.id], exchange)
        if request.method == "OPTIONS" and "Origin" in request.headers:
            return await _preflight(self._policies.of_api, exchange)
        return await _unmatched(self._policies.of_api, exchange)


async def _run(sections: Sections, exchange: Exchange) -> Response:
    steps = [sections[INBOUND], sections[BACKEND], sections[OUTBOUND]]
    return await respond(steps, sections[ON_ERROR], exchange)


async def _preflight(sections: Sections, exchange: Exchange) -> Response:
    """Process a preflight request for no operation: only the policy `cors` runs."""
    steps = [step for step in sections[INBOUND] if step.policy == "cors"]
    return (
        await respond([steps], sections[ON_ERROR], exchange) if steps else default_response(404, "")
    )


async def _unmatched(sections: Sections, exchange: Exchange) -> Response:
    """Process a request for no operation: the on-error section of the API runs."""
    message = "Unable to match incoming request to an operation."
    exchange.context.last_error = LastError("configuration", "OperationNotFound", message)
    exchange.context.response = Response(404)
    return await respond([sections[ON_ERROR]], (), exchange)


def _url(request: starlette.requests.Request) -> Url | None:
    """Return the URL of the request, or None if the header Host is missing or invalid."""
    hosts = request.headers.getlist("host")
    authority = _AUTHORITY.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if authority is None:
        return None
    scheme, host, port = request.scope["scheme"], authority["host"], authority["port"]
    query = request.scope["query_string"].decode("latin-1")
    return Url(
        scheme,
        host,
        int(port) if port else _PORTS[scheme],
        request.scope["raw_path"].decode("latin-1"),
        f"?{query}" if query else "",
        parse_qs(query, keep_blank_values=True),
    )


async def _send(response: Response, send: Send) -> None:
    fields = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in response.headers.items()
    ]
    if response.status_code not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        fields.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})
