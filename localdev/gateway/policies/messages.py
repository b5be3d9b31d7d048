"""Policies that change the request or the response, and choose the backend."""

from __future__ import annotations

from collections.abc import Callable

from localdev.gateway.compiler import Compiler, Value
from localdev.gateway.context import Context, Headers
from localdev.gateway.exchange import Exchange, Run
from localdev.gateway.grammar import BACKEND, INBOUND
from localdev.gateway.source import Element

type Change = Callable[[Context, Headers], None]


def change_header(element: Element, compiler: Compiler) -> Change:
    """Compile a `<set-header>` into a function that changes headers."""
    name = element.attributes["name"]
    action = element.attributes.get("exists-action", "override")
    values = [compiler.text(value, value.text) for value in element.children]

    def change(context: Context, headers: Headers) -> None:
        if action == "skip" and name in headers:
            return
        computed = [value(context) for value in values]
        if action != "append":
            headers.popall(name, None)
        headers.extend((name, value) for value in computed)

    return change


def set_header(element: Element, compiler: Compiler) -> Run:
    """Change a header of the request, or of the response once there is one."""
    change = change_header(element, compiler)
    of_request = compiler.section in {INBOUND, BACKEND}

    def applied(exchange: Exchange) -> None:
        context = exchange.context
        if of_request:
            change(context, context.request.headers)
        elif context.response is not None:
            change(context, context.response.headers)

    return applied


def set_body(element: Element, compiler: Compiler) -> Run:
    """Replace the body of the request, or of the response once there is one.

    A request whose body came in chunks has a length from then on.
    """
    text = body(element, compiler)
    of_request = compiler.section in {INBOUND, BACKEND}

    def replaced(exchange: Exchange) -> None:
        context = exchange.context
        content = text(context).encode()
        if of_request:
            context.request.body, context.request.chunked = content, False
        elif context.response is not None:
            context.response.body = content

    return replaced


def body(element: Element, compiler: Compiler) -> Value[str]:
    """Compile the text of a `<set-body>`."""
    return compiler.text(element, element.text)


def set_backend_service(element: Element, compiler: Compiler) -> Run:
    """Choose the backend that the request goes to.

    Raises:
        PolicyError: there is no such backend.

    """
    backend = element.attributes["backend-id"]
    if backend not in compiler.services.backends:
        raise element.error(f"names {backend!r}, which is no backend")

    def choose(exchange: Exchange) -> None:
        exchange.backend = backend

    return choose
