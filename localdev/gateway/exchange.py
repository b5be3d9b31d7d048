"""Policy pipeline: runs the steps of the sections for one request and handles their errors."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from localdev.gateway.context import (
    BodyNotReadError,
    BodyTooLargeError,
    Context,
    LastError,
    Response,
)
from localdev.gateway.expressions import EvaluationError

_log = logging.getLogger(__name__)


class ReturnedError(Exception):
    """A policy has set the response (`context.response`); no further policy runs."""


class RefusedError(Exception):
    """A policy has refused the request; the on-error section runs."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(message)


@dataclass(slots=True)
class Exchange:
    """Mutable state of one request while policies run."""

    context: Context
    backend: str | None = None
    """Id of the backend that it goes to."""
    decorations: list[Callable[[Response], None]] = field(default_factory=list)
    """Changes of the response, made after all policies."""
    deferred: list[Callable[[], None]] = field(default_factory=list)
    """Increments of counters, made when the outbound section has ended."""


type Run = Callable[[Exchange], Awaitable[None] | None]
"""What a policy does; an awaitable only if it has to wait for something."""


@dataclass(frozen=True, slots=True)
class Step:
    """A compiled policy, and its position in the policy documents."""

    policy: str
    place: str
    """File and line."""
    run: Run


async def run(steps: Sequence[Step], exchange: Exchange) -> None:
    """Run policies one after the other.

    Raises:
        ReturnedError: one of them set the response.
        RefusedError: one of them refused it; `context.last_error` says which and why.

    """
    for step in steps:
        try:
            try:
                waiting = step.run(exchange)
            except BodyNotReadError:
                # Until a policy needs it nothing of the body is received.
                await receive_body(exchange)
                waiting = step.run(exchange)
            if waiting is not None:
                await waiting
        except RefusedError as error:
            # Of nested policies the innermost is the one that refused.
            if exchange.context.last_error is None:
                exchange.context.last_error = LastError(step.policy, error.reason, str(error))
            raise
        except EvaluationError as error:
            reason = "ExpressionValueEvaluationFailure"
            # The caller is told nothing of it, so this is the only trace.
            _log.error("%s: <%s> fails: %s", step.place, step.policy, error)
            exchange.context.last_error = LastError(step.policy, reason, str(error))
            raise RefusedError(500, reason, str(error)) from error


async def receive_body(exchange: Exchange) -> bytes:
    """Receive the body of the request, if that is still to be done, and return it.

    Raises:
        RefusedError: it is longer than what the gateway keeps.

    """
    try:
        return await exchange.context.request.received_body()
    except BodyTooLargeError as error:
        raise RefusedError(413, "RequestTooLarge", "The body is too large.") from error


async def respond(
    sections: Sequence[Sequence[Step]], on_error: Sequence[Step], exchange: Exchange
) -> Response:
    """Run *sections* in order, and *on_error* if one of them refuses; return the response."""
    context = exchange.context
    try:
        for steps in sections:
            await run(steps, exchange)
        for later in exchange.deferred:
            later()
    except ReturnedError:
        pass
    except RefusedError as error:
        context.response = Response(error.status)
        await _explain(on_error, exchange)
    response = context.response or Response(200)
    for decorate in exchange.decorations:
        decorate(response)
    return response


async def _explain(on_error: Sequence[Step], exchange: Exchange) -> None:
    context = exchange.context
    failure = context.last_error
    try:
        await run(on_error, exchange)
    except ReturnedError:
        return
    except RefusedError as error:
        context.response = Response(error.status)
    if context.response is not None and failure is not None:
        context.response = default_response(context.response.status_code, failure.message)


def default_response(status: int, message: str) -> Response:
    """Return API Management's default response: status and message as a JSON object."""
    document = {"statusCode": status, "message": message}
    response = Response(status, body=json.dumps(document).encode())
    response.headers["Content-Type"] = "application/json"
    return response
