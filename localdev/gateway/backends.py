"""Backends: HTTP servers that the gateway forwards requests to, each with a circuit breaker."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from multidict import CIMultiDict, MultiMapping
from pydantic import Field
from yarl import URL

from azure_quantum_emulator.json_model import JsonModel
from localdev.gateway.breaker import Breaker, Rule
from localdev.gateway.context import Context, Headers, Request, Response

_log = logging.getLogger(__name__)

# Those of one connection (RFC 9110), and those that the client library sets.
_OWN = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_TRACE = "traceparent"
_TRACE_PARENT = re.compile(
    r"00-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})", re.ASCII
)
_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""What the client library would add of its own."""


class BackendError(Exception):
    """No response of the backend: unreachable, too slow, or its circuit breaker is open."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(message)


class Connections:
    """HTTP connection pool for all backends, opened at the first request."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session; it belongs to the loop that asks first."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_ADDED,
            )
        return self._session

    async def aclose(self) -> None:
        """Close them."""
        if self._session is not None:
            await self._session.close()


class CircuitBreaker(JsonModel):
    """The property `circuitBreaker` of a backend resource."""

    rules: list[Rule] = Field(min_length=1, max_length=1)


class Properties(JsonModel):
    """The properties of a backend resource, except for its URL."""

    protocol: Literal["http"]
    circuit_breaker: CircuitBreaker | None = None


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend resource of API Management: URL and circuit breaker."""

    url: str
    """Without a slash at the end."""
    breaker: Breaker | None
    connections: Connections

    @classmethod
    def from_json(cls, url: str, document: Mapping[str, Any], connections: Connections) -> Backend:
        """Return the backend at *url* with the properties of a backend resource.

        Raises:
            ValueError: *url* is none, or a property is missing, unknown or wrong.

        """
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no URL of a backend")
        settings = Properties.from_json(document).circuit_breaker
        breaker = Breaker(settings.rules[0]) if settings else None
        return cls(url.rstrip("/"), breaker, connections)

    async def send(self, context: Context, seconds: int) -> Response:
        """Forward the request to the backend: same path and query, below the backend's URL.

        Args:
            context: of the request
            seconds: that the whole response may take

        Raises:
            BackendError: the breaker is open, or there is no response.

        """
        if self.breaker is not None and self.breaker.open:
            raise BackendError(503, "CircuitBreakerOpen", "The backend is unavailable.")
        request = context.request
        address = f"{self.url}{request.url.path}{request.url.query_string}"
        try:
            async with self.connections.session.request(
                request.method,
                URL(address, encoded=True),
                headers=_traced(_end_to_end(request.headers)),
                data=_chunks(request) if request.chunked else request.body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as received:
                body = await received.read()
        except TimeoutError as error:
            raise self._failure(504, "Timeout", "The backend did not answer in time.") from error
        except aiohttp.ClientError as error:
            message = "The backend cannot be reached."
            raise self._failure(503, "BackendConnectionFailure", message) from error
        return Response(received.status, received.reason or "", _end_to_end(received.headers), body)

    def _failure(self, status: int, reason: str, message: str) -> BackendError:
        if self.breaker is not None:
            self.breaker.note(reason)
            if self.breaker.open:
                _log.warning("the circuit breaker of %s opens: %s", self.url, message)
        return BackendError(status, reason, message)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield the body: sent so, it goes in chunks and without a length."""
    yield request.body or b""


def _traced(headers: Headers) -> Headers:
    """Return the headers with the trace context of the call to the backend.

    As with `httpCorrelationProtocol` W3C in API Management: the call is a span of the gateway's,
    in the trace of the request. A request without a trace, or with a malformed one, begins one.
    """
    match = _TRACE_PARENT.fullmatch(headers.get(_TRACE, ""))
    if match is None:
        headers.popall("tracestate", None)
    trace, flags = match.groups() if match else (secrets.token_hex(16), "01")
    headers[_TRACE] = f"00-{trace}-{secrets.token_hex(8)}-{flags}"
    return headers


def _end_to_end(headers: MultiMapping[str]) -> Headers:
    """Return the headers that are forwarded, in either direction."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _OWN)
