"""Requests to webhooks: signed as Standard Webhooks says, and only to public addresses.

The address is checked when the socket for it is made, so it does not matter by which name, spelling
or answer of a name server a request came to it. Nothing of a response but its status and its
Retry-After is looked at.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook as Signer

from qjobs.adapters.azure_errors import seconds_of
from qjobs.adapters.public_resolver import PublicResolver
from qjobs.domain.public_address import is_public
from qjobs.domain.webhook_request import TIMEOUT, NoAnswer, Sent, WebhookRequest

_MOST_READ = 1024
"""Bytes of the body of a response that are taken, so that its sender can end it in peace."""
_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_REASONS: tuple[tuple[type[Exception], NoAnswer], ...] = (
    (aiohttp.ClientConnectorDNSError, NoAnswer.NO_PUBLIC_ADDRESS),
    (aiohttp.ClientSSLError, NoAnswer.TLS_FAILED),  # one of them is a ValueError as well
    (ValueError, NoAnswer.NO_PUBLIC_ADDRESS),  # no name that could be looked up
    (TimeoutError, NoAnswer.TIMED_OUT),
    (aiohttp.ClientResponseError, NoAnswer.INVALID_ANSWER),
    (aiohttp.ClientPayloadError, NoAnswer.INVALID_ANSWER),
    (aiohttp.ClientError, NoAnswer.CONNECTION_FAILED),
    (OSError, NoAnswer.CONNECTION_FAILED),
)
"""The first that an error is of names its reason."""


class _ForbiddenAddressError(OSError):
    """An address to which no webhook may lead."""


def _guard(address: Any) -> socket.socket:  # noqa: ANN401 - aiohttp's tuple of five
    """Return the socket for an address, as `getaddrinfo` returns one, if it is public."""
    family, kind, protocol, _, place = address
    if not is_public(str(place[0])):
        raise _ForbiddenAddressError
    return socket.socket(family, kind, protocol)


@dataclass(frozen=True)
class HttpWebhookSender:
    """The `WebhookSender` over aiohttp, with a connection of its own for each request."""

    allowed: AbstractSet[str] = frozenset()
    """`HOST:PORT` of receivers on a laptop, whatever their address."""
    resolver: AbstractResolver = field(default_factory=PublicResolver)

    async def send(self, request: WebhookRequest) -> Sent:
        """Send an event once; every failure is an outcome."""
        headers = _headers(request)
        began, status, reason, pause = time.monotonic(), None, None, None
        try:
            async with (
                aiohttp.ClientSession(
                    connector=self._connector(request.url),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                    trust_env=False,
                    auto_decompress=False,
                ) as session,
                session.post(
                    request.url,
                    data=request.body,
                    headers=headers,
                    allow_redirects=False,
                ) as response,
            ):
                status, pause = response.status, _pause(response)
                await response.content.read(_MOST_READ)
                response.close()
        except Exception as error:  # a status that came counts, whatever came after it
            if status is None:
                reason = _reason(error)
                if reason is None:
                    raise
        return Sent(status, reason, round((time.monotonic() - began) * 1000), pause)

    def _connector(self, url: str) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(
            resolver=_Shared(self.resolver),
            use_dns_cache=False,
            force_close=True,
            ssl=self._tls,
            socket_factory=None if place_of(url) in self.allowed else _guard,
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    async def close(self) -> None:
        """End the threads."""
        await self.resolver.close()


class _Shared(AbstractResolver):
    """A resolver that outlives the connector which closes it."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        return await self._resolver.resolve(host, port, family)

    async def close(self) -> None:
        pass


def place_of(url: str) -> str:
    """Return `HOST:PORT` of a URL, in lower case."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}"


def _headers(request: WebhookRequest) -> dict[str, str]:
    text = request.body.decode()
    signatures = [Signer(one).sign(request.id, request.at, text) for one in request.secrets]
    if len(signatures) > 1:
        # The library for .NET never looks at the last of several (StandardWebhooks 1.1.2).
        signatures.append(signatures[-1])
    return {
        "content-type": "application/cloudevents+json",
        "user-agent": "qjobs-webhooks",
        "webhook-id": request.id,
        "webhook-timestamp": str(int(request.at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _pause(response: aiohttp.ClientResponse) -> float | None:
    busy = response.status in _BUSY
    return seconds_of(response.headers.get("Retry-After", "")) if busy else None


def _reason(error: Exception) -> NoAnswer | None:
    if isinstance(getattr(error, "os_error", None), _ForbiddenAddressError):
        return NoAnswer.NO_PUBLIC_ADDRESS
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
