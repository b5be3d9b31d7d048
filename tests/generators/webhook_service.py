"""The functions of webhooks and of the channel over fakes, for generated clients to call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func
import pytest

from functions import http_channel, http_deliveries, http_webhooks
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.domain.delivery import Attempted, Delivery, DeliveryStatus
from qjobs.settings import Settings
from tests.fakes import START, FakeChannel, FakePorts
from tests.invocation import invoke

_MODULES = (http_channel, http_deliveries, http_webhooks)
_SETTINGS = {"AzureWebJobsStorage": "unused", "QJOBS_KEY_VAULT_URI": "unused"}
_RETENTION = timedelta(days=30)
_MISSED = ("5", "6")
"""Of the jobs of whose end a new webhook could not be told."""

type Handler = Callable[..., Awaitable[func.HttpResponse]]


@dataclass(frozen=True)
class Route:
    """An HTTP function with the method and the path to which it answers."""

    method: str
    path: re.Pattern[str]
    handler: Handler


@dataclass
class WebhookService:
    """Answers as the functions do; what is queued for receivers, which accept it, follows."""

    ports: FakePorts
    services: Services
    routes: list[Route]

    def serves(self, method: str, url: str) -> bool:
        """Say whether one of the functions answers to a method and a URL below the API."""
        return self._route(method, urlsplit(url).path) is not None

    def answer(
        self, method: str, base: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> func.HttpResponse:
        """Return the response of the function for a URL below the API, which is at *base*."""
        path, query = urlsplit(url).path, urlsplit(url).query
        found = self._route(method, path)
        assert found is not None
        route, match = found
        request = func.HttpRequest(
            method=method,
            url=f"{base}{url}",
            headers=dict(headers),
            params=dict(parse_qsl(query)),
            route_params=match.groupdict(),
            body=body,
        )
        return asyncio.run(self._answer(route, request))

    async def _answer(self, route: Route, request: func.HttpRequest) -> func.HttpResponse:
        response: func.HttpResponse = await invoke(route.handler, request)
        while self.ports.queue.deliveries:
            message, _ = self.ports.queue.deliveries.pop(0)
            await self.services.deliver(message)
            if message.job_id is None:
                await self._miss(message.owner, message.webhook_id)
        return response

    async def _miss(self, owner: str, webhook_id: str) -> None:
        """Have events in the records that a webhook was to get before it was there."""
        for number in _MISSED:
            await self.ports.deliveries.create(
                Delivery(
                    id=f"{number}0000000-0000-8000-8000-00000000000b",
                    owner=owner,
                    webhook_id=webhook_id,
                    type="qjobs.job.failed",
                    job_id=f"{number}0000000-0000-8000-8000-00000000000a",
                    algorithm="ghz",
                    at=START,
                    kept_until=START + _RETENTION,
                    status=DeliveryStatus.FAILED,
                    attempts=(Attempted(START, HTTPStatus.BAD_GATEWAY, None, 40),),
                )
            )

    def _route(self, method: str, path: str) -> tuple[Route, re.Match[str]] | None:
        for route in self.routes:
            match = route.path.fullmatch(path)
            if match is not None and route.method == method:
                return route, match
        return None


@contextmanager
def webhook_service() -> Iterator[WebhookService]:
    """Have the functions work over fakes while the block runs."""
    ports = FakePorts(FileCatalogue(Path(__file__).parents[2] / "algorithms"))
    ports.channel = FakeChannel()
    services = Services(ports, Settings.from_environment(_SETTINGS))
    with pytest.MonkeyPatch.context() as patch:
        for module in _MODULES:
            patch.setattr(module, "services", lambda: services)
        yield WebhookService(ports, services, list(_routes()))


def _routes() -> Iterator[Route]:
    app = func.FunctionApp()
    for module in _MODULES:
        app.register_functions(module.bp)
    for function in app.get_functions():
        trigger = function.get_trigger()
        assert trigger is not None
        about = trigger.get_dict_repr()
        pattern = re.compile("/" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", about["route"]))
        for method in about["methods"]:
            yield Route(getattr(method, "value", method), pattern, function.get_user_function())
