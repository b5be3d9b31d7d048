"""Data of one request in the gateway: the variable `context` of policy expressions.

The names are those of the `context` variable of policy expressions, in Python's spelling;
`expressions/` has the table that maps the one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class Headers:
    """HTTP header fields: names of any case, each with one or more values, in their order."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, tuple[str, list[str]]] = {}
        for name, value in fields:
            self.append(name, value)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Iterate over the fields, one for each value."""
        for name, values in self._fields.values():
            for value in values:
                yield name, value

    def get(self, name: str) -> str | None:
        """Return the values of a header joined by commas, or None without it."""
        found = self._fields.get(name.lower())
        return None if found is None else ",".join(found[1])

    def values(self, name: str) -> list[str]:
        """Return every value of a header."""
        found = self._fields.get(name.lower())
        return [] if found is None else list(found[1])

    def append(self, name: str, value: str) -> None:
        """Add a value to a header."""
        self._fields.setdefault(name.lower(), (name, []))[1].append(value)

    def set(self, name: str, *values: str) -> None:
        """Put *values* in the place of those a header has."""
        self._fields[name.lower()] = (name, list(values))

    def remove(self, name: str) -> None:
        """Remove a header, if it is there."""
        self._fields.pop(name.lower(), None)


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


@dataclass(slots=True)
class Request:
    """The request of the caller, as policies change it on its way to the backend."""

    method: str
    url: Url
    """Of the backend, once one is chosen."""
    original_url: Url
    """As the caller sees it."""
    headers: Headers
    body: bytes
    ip_address: str
    matched_parameters: Mapping[str, str]
    """Path parameters of the operation, decoded."""


@dataclass(slots=True)
class Response:
    """The response to the caller."""

    status_code: int
    status_reason: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Token:
    """A validated JSON Web Token: `Jwt` in expressions."""

    header: Mapping[str, Any]
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
    scope: str = ""
    section: str = ""
    path: str = ""
    policy_id: str = ""


@dataclass(slots=True)
class Context:
    """The variable `context` of policy expressions."""

    request_id: UUID
    api: Api
    operation: Operation | None
    """None if no operation matches."""
    request: Request
    response: Response | None = None
    """None until there is one."""
    variables: dict[str, Any] = field(default_factory=dict)
    last_error: LastError | None = None
