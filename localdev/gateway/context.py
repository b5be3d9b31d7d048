"""Data of one request in the gateway: the variable `context` of policy expressions.

The names are those of the `context` variable of policy expressions, in Python's spelling;
`expressions/` has the table that maps the one to the other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDict

type Headers = CIMultiDict[str]
"""HTTP header fields: names of any case, each with one or more values, in their order."""


def joined(headers: Headers, name: str) -> str | None:
    """Return the values of a header, joined by commas; None without the header."""
    return ",".join(headers.getall(name)) if name in headers else None


@dataclass(slots=True)
class Url:
    """A URL, split into its parts."""

    scheme: str
    host: str
    port: int
    path: str
    """With its first slash, percent-encoded as it came."""
    query_string: str
    """With its question mark, or empty."""
    query: Mapping[str, list[str]]
    """Decoded parameters."""


LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of a body that the gateway keeps; API Management buffers as much."""


class BodyNotReadError(Exception):
    """A policy expression reads the body, which is still to be received."""


class BodyTooLargeError(Exception):
    """The body has more than `LARGEST_BODY` bytes."""


@dataclass(slots=True)
class Request:
    """The request of the caller, as policies change it on its way to the backend."""

    method: str
    url: Url
    """Of the backend, once one is chosen."""
    original_url: Url
    """As the caller sees it."""
    headers: Headers
    body: bytes | None
    """None until it is received."""
    ip_address: str
    matched_parameters: Mapping[str, str]
    """Path parameters of the operation, decoded."""
    incoming: AsyncIterator[bytes] | None = None
    """The body as it arrives."""
    chunked: bool = False
    """Whether the body has no length: it came in chunks, and no policy has set another."""

    async def received_body(self) -> bytes:
        """Receive the body, if that is still to be done, and return it.

        Raises:
            BodyTooLargeError: it is longer than what the gateway keeps.

        """
        if self.body is None:
            body = bytearray()
            if self.incoming is not None:
                async for part in self.incoming:
                    body += part
                    if len(body) > LARGEST_BODY:
                        raise BodyTooLargeError
            self.body = bytes(body)
        return self.body

    def body_for_policies(self) -> bytes | None:
        """Return the body as expressions see it: a request without a body has none, no empty one.

        Raises:
            BodyNotReadError: it is still to be received.

        """
        if self.body is None:
            raise BodyNotReadError
        return self.body or None


@dataclass(slots=True)
class Response:
    """The response to the caller."""

    status_code: int
    status_reason: str = ""
    headers: Headers = field(default_factory=CIMultiDict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Token:
    """A validated JSON Web Token: `Jwt` in expressions."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """An API that the gateway publishes."""

    id: str
    name: str
    path: str
    """The first part of its addresses, without slashes around it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API."""

    id: str
    method: str
    url_template: str


@dataclass(frozen=True, slots=True)
class LastError:
    """The error that ended the processing of the request and led to the on-error section."""

    source: str
    reason: str
    message: str


@dataclass(slots=True)
class Context:
    """The variable `context` of policy expressions."""

    api: Api
    operation: Operation | None
    """None if no operation matches."""
    request: Request
    response: Response | None = None
    """None until there is one."""
    variables: dict[str, Any] = field(default_factory=dict)
    last_error: LastError | None = None
