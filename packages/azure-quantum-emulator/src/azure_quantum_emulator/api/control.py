"""The control API, for tests: jobs, reset, seeds, settings, the clock, faults, quotas.

No client asks this of the service. The response to an invalid request is a 400; its
message names the field and what may be in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from azure_quantum_emulator.api import seeds
from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import MOST_DIGITS, json_object, workspace_of
from azure_quantum_emulator.errors import InvalidRequestError, NotFoundError
from azure_quantum_emulator.fault_injection.clock import SECOND
from azure_quantum_emulator.fault_injection.durations import Duration
from azure_quantum_emulator.fault_injection.faults import JobFault, RequestFault
from azure_quantum_emulator.fault_injection.rules import Rules
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.fault_injection.settings import Settings
from azure_quantum_emulator.json_model import JsonModel, parse_json


class Advance(JsonModel):
    """The body of `POST clock/advance`."""

    by: Duration


class Exhaust(JsonModel):
    """The body of `POST quotas/exhaust`."""

    provider_id: str
    dimension: str


async def list_jobs(request: Request) -> Response:
    """`GET /emulator/jobs`: all jobs, with their status and how often a client has put them."""
    return JsonResponse(workspace_of(request).submissions())


async def reset(request: Request) -> Response:
    """`POST /emulator/reset`: forget everything; the scenario begins anew."""
    workspace_of(request).reset()
    return Response(status_code=204)


async def seed(request: Request) -> Response:
    """`POST /emulator/seed`: add jobs and sessions as the service shows them in lists."""
    items = seeds.parse(await json_object(request))
    workspace_of(request).seed(items)
    return JsonResponse({"added": len(items)}, 201)


async def get_settings(request: Request) -> Response:
    """`GET settings`: all that is in force."""
    return JsonResponse(_scenario(request).settings.to_json())


async def put_settings(request: Request) -> Response:
    """`PUT settings`: put these in force; fields that are missing are as without settings."""
    with _refusing():
        _scenario(request).replace(Settings.from_json(await _json(request)))
    return await get_settings(request)


async def patch_settings(request: Request) -> Response:
    """`PATCH settings`: change these fields; null gives one up."""
    with _refusing():
        _scenario(request).patch(await _json(request))
    return await get_settings(request)


async def get_schema(_: Request) -> Response:
    """`GET settings/schema`: what settings may be, as JSON schema."""
    return JsonResponse(Settings.json_schema(), media_type="application/schema+json")


async def get_clock(request: Request) -> Response:
    """`GET clock`: the time, and how far it was advanced, in seconds."""
    clock = _scenario(request).clock
    now = datetime.fromtimestamp(clock.now() / SECOND, UTC)
    return JsonResponse({"now": now.isoformat(), "advancedBy": clock.advanced_by})


async def advance_clock(request: Request) -> Response:
    """`POST clock/advance`: let time pass, such as `{"by": "2h"}`."""
    with _refusing():
        _scenario(request).clock.advance(Advance.from_json(await _json(request)).by)
    return await get_clock(request)


async def exhaust_quota(request: Request) -> Response:
    """`POST quotas/exhaust`: use up what is left of a quota; the response has all quotas."""
    quotas = _scenario(request).quotas
    with _refusing():
        body = Exhaust.from_json(await _json(request))
        quotas.exhaust(body.provider_id, body.dimension)
    return JsonResponse({"value": quotas.to_json(), "nextLink": None})


@dataclass(frozen=True, slots=True)
class FaultRoutes[F: (RequestFault, JobFault)]:
    """The same operations on both kinds of faults."""

    path: str
    kind: type[F]
    rules: str
    """The attribute of `Scenario` that holds them."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(self.path, self.show, methods=["GET"]),
            Route(self.path, self.add, methods=["POST"]),
            Route(self.path, self.clear, methods=["DELETE"]),
            Route(self.path + "/{number}", self.remove, methods=["DELETE"]),
        ]

    async def show(self, request: Request) -> Response:
        """`GET`: the faults in force, in their order, with how often each matched and hit."""
        return JsonResponse({"value": self._rules(request).to_json()})

    async def add(self, request: Request) -> Response:
        """`POST`: add one behind all others; the response has its `id`."""
        with _refusing():
            fault = self.kind.from_json(await _json(request))
        return JsonResponse(self._rules(request).add(fault).to_json(), 201)

    async def clear(self, request: Request) -> Response:
        """`DELETE`: remove all of them."""
        self._rules(request).clear()
        return Response(status_code=204)

    async def remove(self, request: Request) -> Response:
        """`DELETE {id}`: remove one."""
        text: str = request.path_params["number"]
        is_number = text.isdecimal() and len(text) <= MOST_DIGITS
        if not (is_number and self._rules(request).remove(int(text))):
            raise NotFoundError("ResourceNotFound", f"There is no fault with the id {text[:40]}.")
        return Response(status_code=204)

    def _rules(self, request: Request) -> Rules[F]:
        rules: Rules[F] = getattr(_scenario(request), self.rules)
        return rules


ROUTES = [
    Route("/jobs", list_jobs, methods=["GET"]),
    Route("/reset", reset, methods=["POST"]),
    Route("/seed", seed, methods=["POST"]),
    Route("/settings", get_settings, methods=["GET"]),
    Route("/settings", put_settings, methods=["PUT"]),
    Route("/settings", patch_settings, methods=["PATCH"]),
    Route("/settings/schema", get_schema, methods=["GET"]),
    Route("/clock", get_clock, methods=["GET"]),
    Route("/clock/advance", advance_clock, methods=["POST"]),
    Route("/quotas/exhaust", exhaust_quota, methods=["POST"]),
    *FaultRoutes("/faults", RequestFault, "faults").routes(),
    *FaultRoutes("/jobFaults", JobFault, "job_faults").routes(),
]
"""All of them, to be mounted where the workspace's own paths are not."""


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Refuse a request that the block finds fault with."""
    try:
        yield
    except ValueError as error:
        raise InvalidRequestError("InvalidRequest", str(error)) from error


async def _json(request: Request) -> Any:  # noqa: ANN401 - JSON
    return parse_json(await request.body())


def _scenario(request: Request) -> Scenario:
    scenario: Scenario = request.app.state.scenario
    return scenario
