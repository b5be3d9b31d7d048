"""Converts HTTP requests and responses to and from the worker's `Datum`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum
from starlette.requests import Request
from starlette.responses import Response

from localdev.host.worker import text

_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})
"""Headers that the server sets itself."""
_WITHOUT_BODY = frozenset(
    {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED}
)
_CONTROL = frozenset(map(chr, (*range(32), 127))) - {"\t"}


async def request_datum(request: Request, values: Mapping[str, str]) -> Datum:
    """Convert a request, with its route parameters, to the `Datum` that the worker expects."""
    headers = _joined(request.headers.items())
    # The worker is not told of query parameters without a value.
    query = _joined(pair for pair in request.query_params.multi_items() if pair[1])
    # Without a Content-Length the host passes no body on.
    body = await request.body() if headers.get("content-length", "0") != "0" else b""
    return Datum(
        {
            "method": text(request.method),
            "url": text(_address(request)),
            "headers": {name: text(value) for name, value in headers.items()},
            "query": {name: text(value) for name, value in query.items()},
            "params": {name: text(value) for name, value in values.items()},
            "body": Datum(body, "bytes"),
        },
        "http",
    )


def response(returned: Datum | None) -> Response:
    """Convert the return value of a function to a response.

    Raises:
        ValueError: a header cannot be sent.

    """
    if returned is None or returned.value is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if returned.type != "http":
        return Response(str(returned.value), media_type="text/plain")
    parts: dict[str, Any] = returned.value
    status = int(parts["status_code"].value)
    body = parts["body"].value if parts.get("body") is not None else b""
    made = Response(b"" if status in _WITHOUT_BODY else body, status)
    for name, value in parts["headers"].items():
        if name.lower() not in _OWN_HEADERS:
            made.headers[name] = _sendable(name, str(value.value))
    for cookies in parts.get("cookies") or ():
        for morsel in cookies.values():
            made.headers.append("set-cookie", _sendable("set-cookie", morsel.OutputString()))
    return made


def _address(request: Request) -> str:
    """Return the requested URL, still percent-encoded."""
    query: bytes = request.scope["query_string"]
    path = request.scope["raw_path"] + (b"?" + query if query else b"")
    return f"{request.url.scheme}://{request.url.netloc}{path.decode('latin-1')}"


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join the values of each name with commas, in their order."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _sendable(name: str, value: str) -> str:
    # A line break would begin a header of the caller's choice.
    if _CONTROL.intersection(value) or not value.isascii():
        raise ValueError(f"the value of the header {name} cannot be sent")
    return value
