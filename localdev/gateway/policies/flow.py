"""Control flow policies: branches, variables, and an early response."""

from __future__ import annotations

from collections.abc import Awaitable

from localdev.gateway.compiler import Compiler
from localdev.gateway.context import Response
from localdev.gateway.exchange import Exchange, ReturnedError, Run, run
from localdev.gateway.policies.messages import body, change_header
from localdev.gateway.source import Element


def choose(element: Element, compiler: Compiler) -> Run:
    """Run the policies of the first `<when>` whose condition holds, else `<otherwise>`."""
    branches = [
        (
            compiler.boolean(when, when.attributes["condition"]),
            compiler.steps(when.children),
        )
        for when in element.children
        if when.name == "when"
    ]
    otherwise = element.child("otherwise")
    rest = compiler.steps(otherwise.children) if otherwise is not None else ()

    def chosen(exchange: Exchange) -> Awaitable[None] | None:
        for condition, steps in branches:
            if condition(exchange.context):
                return run(steps, exchange)
        return run(rest, exchange) if rest else None

    return chosen


def set_variable(element: Element, compiler: Compiler) -> Run:
    """Put a value into `context.Variables`."""
    name = element.attributes["name"]
    value = compiler.any(element, element.attributes["value"])

    def assign(exchange: Exchange) -> None:
        exchange.context.variables[name] = value(exchange.context)

    return assign


def return_response(element: Element, compiler: Compiler) -> Run:
    """End the processing with a response of its own; no section of any scope runs after it."""
    status = element.children[0]
    code = compiler.integer(status, status.attributes["code"])
    reason = compiler.text(status, status.attributes.get("reason", ""))
    changes = [
        change_header(part, compiler) for part in element.children if part.name == "set-header"
    ]
    content = element.child("set-body")
    text = body(content, compiler) if content is not None else None

    def end(exchange: Exchange) -> None:
        context = exchange.context
        response = Response(code(context), reason(context))
        for change in changes:
            change(context, response.headers)
        if text is not None:
            response.body = text(context).encode()
        # Only now: until here expressions see what the backend responded.
        context.response = response
        raise ReturnedError

    return end
