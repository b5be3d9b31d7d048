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
_ABSOLUTE = re.compile(r"https?://(?P<authority>[^/?#]*)(?P<path>/.*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
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
            response = await self._respond(request)
        except ClientDisconnect:
            return  # there is nobody to respond to
        except Exception:  # noqa: BLE001 - the caller gets a response in any case
            _log.exception("%s %s fails", scope["method"], scope["path"])
            response = default_response(500, "Internal server error")
        _log.info("%s %s %d", scope["method"], scope["path"], response.status_code)
        if _has_two_lengths(request):
            # What follows could be the rest of either body (RFC 9112, 6.1).
            response.headers["Connection"] = "close"
        await _send(response, send, scope["method"])

    async def _respond(self, received: starlette.requests.Request) -> Response:
        url = _url(received)
        if url is None:
            return default_response(400, "The Host header is not valid.")
        if not (url.path == self._prefix or url.path.startswith(f"{self._prefix}/")):
            return default_response(404, "Resource not found")
        path = url.path.removeprefix(self._prefix)
        chunked = "transfer-encoding" in received.headers
        headers = CIMultiDict(received.headers.items())
        if chunked:
            headers.popall("Content-Length", None)  # the chunks are the body, whatever it says
        request = Request(
            method=received.method,
            url=Url(url.scheme, url.host, url.port, path, url.query_string, url.query),
            original_url=url,
            headers=headers,
            body=None if chunked or headers.get("Content-Length", "0") != "0" else b"",
            ip_address=received.client.host if received.client else "",
            matched_parameters={},
            incoming=received.stream(),
            chunked=chunked,
        )
        context = Context(self._api, None, request)
        exchange = Exchange(context)
        for name, value in headers.items():
            if _CONTROL.search(value):
                message = f"The header {name} has a control character."
                return await _refused(self._policies.of_api, exchange, 400, "BadRequest", message)
        found = find(self._policies.routes, request.method, path)
        if found is not None:
            context.operation, request.matched_parameters = found
            return await _run(self._policies.of_operations[context.operation.id], exchange)
        if request.method == "OPTIONS" and "Origin" in request.headers:
            return await _preflight(self._policies.of_api, exchange)
        message = "Unable to match incoming request to an operation."
        return await _refused(self._policies.of_api, exchange, 404, "OperationNotFound", message)


async def _run(sections: Sections, exchange: Exchange) -> Response:
    steps = [sections[INBOUND], sections[BACKEND], sections[OUTBOUND]]
    return await respond(steps, sections[ON_ERROR], exchange)


async def _preflight(sections: Sections, exchange: Exchange) -> Response:
    """Process a preflight request for no operation: only the policy `cors` runs."""
    steps = [step for step in sections[INBOUND] if step.policy == "cors"]
    return (
        await respond([steps], sections[ON_ERROR], exchange) if steps else default_response(404, "")
    )


async def _refused(
    sections: Sections, exchange: Exchange, status: int, reason: str, message: str
) -> Response:
    """Process a request that gets to no operation: the on-error section of the API runs."""
    exchange.context.last_error = LastError("configuration", reason, message)
    exchange.context.response = Response(status)
    return await respond([sections[ON_ERROR]], (), exchange)


def _has_two_lengths(request: starlette.requests.Request) -> bool:
    return "content-length" in request.headers and "transfer-encoding" in request.headers


def _url(request: starlette.requests.Request) -> Url | None:
    """Return the URL of the request, or None if the header Host is missing or invalid."""
    hosts, target = request.headers.getlist("host"), request.scope["raw_path"].decode("latin-1")
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:  # then Host says nothing (RFC 9112, 3.2.2)
        hosts, target = [absolute["authority"]], absolute["path"] or "/"
    authority = _AUTHORITY.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if authority is None:
        return None
    scheme, host, port = request.scope["scheme"], authority["host"], authority["port"]
    query = request.scope["query_string"].decode("latin-1")
    return Url(
        scheme,
        host,
        int(port) if port else _PORTS[scheme],
        target,
        f"?{query}" if query else "",
        parse_qs(query, keep_blank_values=True),
    )


async def _send(response: Response, send: Send, method: str) -> None:
    fields = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in response.headers.items()
    ]
    without_body = response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
    # The length of a response to HEAD would be that of the one to GET.
    if not without_body and (response.body or method != "HEAD"):
        fields.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})
