"""Converts HTTP requests and responses to and from the worker's `Datum`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum
from starlette.requests import Request
from starlette.responses import Response

from localdev.host.request_target import decode_query, encode_path, merged
from localdev.host.worker import text

_OWN_HEADERS = frozenset({"date", "server"})
"""Headers that the server sets itself."""
_STATUSES = range(200, 600)
_WITHOUT_BODY = frozenset(
    {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED}
)
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CONTROL = frozenset(map(chr, (*range(32), 127))) - {"\t"}


async def request_datum(request: Request, path: str, values: Mapping[str, str]) -> Datum:
    """Convert a request, with its route parameters, to the `Datum` that the worker expects."""
    headers = merged(request.headers.items())
    # Without a Content-Length the host passes no body on.
    body = await request.body() if headers.get("content-length", "0") != "0" else b""
    return Datum(
        {
            "method": text(request.method),
            "url": text(_url(request, path)),
            "headers": {name: text(value.strip()) for name, value in headers.items()},
            # The worker is not told of query parameters without a value.
            "query": {n: text(v) for n, v in decode_query(request.scope["query_string"]).items()},
            "params": {name: text(value) for name, value in values.items()},
            "body": Datum(body, "bytes"),
        },
        "http",
    )


def response(method: str, returned: Datum | None) -> Response:
    """Convert the return value of a function to the response to a request of *method*.

    A body goes in chunks, as on Azure, unless the function sets its length.

    Raises:
        ValueError: it is none, or cannot be sent.

    """
    if returned is None or returned.value is None:
        raise ValueError("an HTTP function has to return a response")
    parts = returned.value if returned.type == "http" else _plain_text(returned.value)
    status = int(parts["status_code"].value)
    if status not in _STATUSES:
        raise ValueError(f"the status {status} cannot be sent")
    body = parts["body"].value if parts.get("body") is not None else b""
    made = Response(b"" if status in _WITHOUT_BODY else body, status)
    if made.body or method == "HEAD":
        del made.headers["content-length"]
    for name, value in parts["headers"].items():
        if name.lower() not in _OWN_HEADERS:
            made.headers[name] = _sendable(name, str(value.value))
    for cookies in parts.get("cookies") or ():
        for morsel in cookies.values():
            made.headers.append("set-cookie", _sendable("set-cookie", morsel.OutputString()))
    size = str(len(made.body))
    if "transfer-encoding" in made.headers or (
        method != "HEAD" and made.headers.get("content-length", size) != size
    ):
        raise ValueError("a function may set the right Content-Length, and no Transfer-Encoding")
    return made


def _plain_text(value: object) -> dict[str, Any]:
    headers = {"content-type": text("text/plain; charset=utf-8")}
    return {"status_code": text("200"), "body": text(str(value)), "headers": headers}


def _url(request: Request, path: str) -> str:
    query: bytes = request.scope["query_string"]
    url = f"{request.url.scheme}://{request.headers['host']}{encode_path(path)}"
    return f"{url}?{query.decode('latin-1')}" if query else url


def _sendable(name: str, value: str) -> str:
    # A line break would begin a header of the caller's choice.
    if not _NAME.fullmatch(name) or _CONTROL.intersection(value) or not value.isascii():
        raise ValueError(f"the header {name} cannot be sent")
    return value
