"""The decorator of HTTP functions: it checks sender and query before them, renders errors after."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import azure.functions as func

from functions.caller import check_sender
from functions.parameters import check_query
from functions.problems import error_response

type Handler = Callable[..., Awaitable[func.HttpResponse]]


def endpoint(handler: Handler) -> Handler:
    """Check sender and query, run *handler*, and turn every error into an RFC 9457 response."""
    return _checked(handler, check_sender)


def open_endpoint(handler: Handler) -> Handler:
    """Do as `endpoint` does but for the sender: a probe has no identity."""

    async def anybody(_: func.HttpRequest) -> None:
        pass

    return _checked(handler, anybody)


def _checked(handler: Handler, check: Callable[[func.HttpRequest], Awaitable[None]]) -> Handler:
    @functools.wraps(handler)
    async def checked(req: func.HttpRequest, **bindings: Any) -> func.HttpResponse:  # noqa: ANN401 - bindings differ
        try:
            await check(req)
            check_query(req, handler.__name__)
            return await handler(req, **bindings)
        except Exception as error:  # noqa: BLE001 - a caller never sees a bare 500
            return error_response(req, error)

    return checked
