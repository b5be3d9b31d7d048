"""The policy that forwards the request to the backend."""

from __future__ import annotations

from localdev.gateway.backends import BackendError
from localdev.gateway.compiler import Compiler
from localdev.gateway.exchange import Exchange, RefusedError, Run, receive_body
from localdev.gateway.source import Element


def forward_request(element: Element, compiler: Compiler) -> Run:
    """Forward the request to the chosen backend, and keep its response.

    Raises:
        PolicyError: redirects are to be followed, which a caller should see instead.

    """
    if element.attributes.get("follow-redirects") == "true":
        raise element.error("follows redirects, which the local gateway does not")
    timeout = int(element.attributes["timeout"])
    backends = compiler.services.backends

    async def forward(exchange: Exchange) -> None:
        context = exchange.context
        if exchange.backend is None:
            raise RefusedError(500, "BackendNotFound", "No backend is chosen.")
        await receive_body(exchange)
        try:
            context.response = await backends[exchange.backend].send(context, timeout)
        except BackendError as error:
            raise RefusedError(error.status, error.reason, str(error)) from error

    return forward
