"""Fault injection into requests: delays, errors, dropped connections."""

from __future__ import annotations

import json
from typing import Literal

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azure_quantum_emulator.api.connections import drop
from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.fault_injection.clock import SECOND
from azure_quantum_emulator.fault_injection.durations import draw
from azure_quantum_emulator.fault_injection.faults import RequestFault
from azure_quantum_emulator.fault_injection.operations import operation_of
from azure_quantum_emulator.fault_injection.scenario import Scenario


class FaultMiddleware:
    """Fault injection middleware: applies the request faults of `app.state.scenario`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, or inject the fault that matches it."""
        scenario: Scenario | None = None
        if scope["type"] == "http":
            scenario = scope["app"].state.scenario
        if scenario is None or not scenario.faults.effects:
            await self._app(scope, receive, send)
            return
        fault, receive = await _fault_of(scenario, scope, receive)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.delay is not None:
            late = round(draw(fault.delay, scenario.random) * SECOND)
            await scenario.clock.sleep_until(scenario.clock.now() + late)
        if fault.status is not None:
            await _refuse(fault, fault.status)(scope, receive, send)
        elif fault.disconnect is not None:
            await self._break_off(fault.disconnect, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _break_off(
        self, what: Literal["request", "answer", "body"], scope: Scope, receive: Receive, send: Send
    ) -> None:
        if what != "request":
            response = await self._response(scope, receive)
            if what == "body":
                await _send_half(response, send)
        await drop(scope, receive)

    async def _response(self, scope: Scope, receive: Receive) -> list[Message]:
        """Return the messages of the application's response."""
        response: list[Message] = []

        async def keep(message: Message) -> None:
            response.append(message)

        await self._app(scope, receive, keep)
        return response


async def _fault_of(
    scenario: Scenario, scope: Scope, receive: Receive
) -> tuple[RequestFault | None, Receive]:
    """Return the fault of a request, and a `receive` that still yields the whole request."""
    operation = operation_of(scope["method"], scope["path"])
    if operation is None:
        return None, receive
    target = None
    if any(fault.asks_for_target(operation) for fault in scenario.faults.effects):
        target, receive = await _target_of(scope, receive)
    return scenario.request_fault(operation, scope["method"], target), receive


def _refuse(fault: RequestFault, status: int) -> JsonResponse:
    headers = {"x-ms-error-code": fault.code or ""}
    if fault.retry_after is not None:
        headers["retry-after"] = str(fault.retry_after)
    content = {"error": {"code": fault.code, "message": fault.message}}
    return JsonResponse(content, status, headers)


async def _send_half(response: list[Message], send: Send) -> None:
    """Send a response up to the middle of its body; nothing if it has no body."""
    start, *parts = response
    body = b"".join(part.get("body", b"") for part in parts)
    if body:
        half = body[: len(body) // 2]
        await send(start)
        await send({"type": "http.response.body", "body": half, "more_body": True})


async def _target_of(scope: Scope, receive: Receive) -> tuple[str | None, Receive]:
    """Return the target that a request's body names, and a `receive` with that body in it."""
    body = b""
    try:
        body = await Request(scope, receive).body()
        target = json.loads(body).get("target")
    except (ClientDisconnect, ValueError, AttributeError):  # the application will tell the client
        target = None
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return target if isinstance(target, str) else None, replay
