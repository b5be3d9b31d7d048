"""What may go wrong on request: with requests, and with jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any, Self

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.fault_injection import operations
from azure_quantum_emulator.fault_injection.durations import DELAY, Delay
from azure_quantum_emulator.fault_injection.rules import LIMIT, Limit


class Disconnect(StrEnum):
    """What of an exchange is lost with the connection."""

    REQUEST = "request"
    """The workspace never sees the request."""
    ANSWER = "answer"
    """The workspace does what it was asked to, and nobody is told."""
    BODY = "body"
    """The answer breaks off in the middle of its body; if it has none, all of it is lost."""


CODES = {
    400: "InvalidRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ResourceNotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
"""The `code` of the error for each status, if a fault gives none."""

_TEXT = {"type": "string", "minLength": 1, "description": "a text"}
_PATTERN = {"type": "string", "minLength": 1, "description": "a text, in which * stands for any"}

REQUEST_FAULT: dict[str, Any] = {
    "type": "object",
    "description": "an object with status, delay or disconnect (status and disconnect: not both)",
    "properties": {
        "operation": {"enum": list(operations.PATTERNS)},
        "method": {"enum": ["GET", "PUT", "POST", "PATCH", "DELETE"]},
        "target": _PATTERN,
        **LIMIT,
        "status": {
            "type": "integer",
            "minimum": 400,
            "maximum": 599,
            "description": "the status of an error: a whole number from 400 to 599",
        },
        "retryAfter": {
            "type": "integer",
            "minimum": 0,
            "description": "a whole number of seconds, which is not negative",
        },
        "code": _TEXT,
        "message": _TEXT,
        "delay": DELAY,
        "disconnect": {"enum": [each.value for each in Disconnect]},
    },
    "additionalProperties": False,
    "anyOf": [{"required": [effect]} for effect in ("status", "delay", "disconnect")],
    "not": {"required": ["status", "disconnect"]},
    "dependentRequired": {field: ["status"] for field in ("retryAfter", "code", "message")},
}
"""JSON schema of a `RequestFault`."""

JOB_FAULT: dict[str, Any] = {
    "type": "object",
    "description": "an object with the field code, or with the field hang",
    "properties": {
        "target": _PATTERN,
        "name": _PATTERN,
        **LIMIT,
        "code": _TEXT,
        "message": _TEXT,
        "hang": {"const": True, "description": "true"},
    },
    "additionalProperties": False,
    "oneOf": [{"required": ["code"]}, {"required": ["hang"]}],
    "dependentRequired": {"message": ["code"]},
}
"""JSON schema of a `JobFault`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error to answer with."""

    status: int
    code: str
    message: str
    retry_after: int | None = None
    """Seconds, for the header `Retry-After`; without it the client decides when to try again."""


@dataclass(frozen=True, slots=True)
class RequestFault:
    """Something to happen to requests: first they wait, then they are refused or cut off."""

    operation: str = "*"
    method: str | None = None
    target: str | None = None
    """A pattern; only of operations that name a target in their body."""
    limit: Limit = field(default_factory=Limit)
    delay: Delay | None = None
    """How long after the request the workspace sees it, or the fault goes on."""
    refusal: Refusal | None = None
    disconnect: Disconnect | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the fault that *value*, which fits the schema, describes."""
        return cls(
            operation=value.get("operation", "*"),
            method=value.get("method"),
            target=value.get("target"),
            limit=_limit(value),
            delay=Delay.from_json(value["delay"]) if "delay" in value else None,
            refusal=_refusal(value) if "status" in value else None,
            disconnect=Disconnect(value["disconnect"]) if "disconnect" in value else None,
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as settings hold it."""
        refusal = self.refusal
        return _given(
            operation=self.operation,
            method=self.method,
            target=self.target,
            **self.limit.to_json(),
            delay=self.delay and self.delay.to_json(),
            status=refusal and refusal.status,
            retryAfter=refusal and refusal.retry_after,
            code=refusal and refusal.code,
            message=refusal and refusal.message,
            disconnect=self.disconnect,
        )

    def asks_for_target(self, operation: str) -> bool:
        """Return whether the target of a request decides if it matches."""
        return self.target is not None and operation in operations.NAMING_A_TARGET

    def matches(self, operation: str, method: str, target: str | None) -> bool:
        """Return whether a request is meant."""
        return (
            operations.fits(operation, self.operation)
            and self.method in (None, method)
            and (self.target is None or fnmatchcase(target or "", self.target))
        )


@dataclass(frozen=True, slots=True)
class JobFault:
    """Something to happen to jobs when their turn comes, in place of their program."""

    target: str = "*"
    """A pattern, as the name."""
    name: str = "*"
    limit: Limit = field(default_factory=Limit)
    error: JobError | None = None
    """What the job fails with; None leaves it executing until it is cancelled."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the fault that *value*, which fits the schema, describes."""
        code = value.get("code")
        message = value.get("message", "The job was made to fail.")
        return cls(
            target=value.get("target", "*"),
            name=value.get("name", "*"),
            limit=_limit(value),
            error=None if code is None else JobError(code, message),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as settings hold it."""
        error = self.error
        return _given(
            target=self.target,
            name=self.name,
            **self.limit.to_json(),
            code=error and error.code,
            message=error and error.message,
            hang=True if error is None else None,
        )

    def matches(self, target: str, name: str) -> bool:
        """Return whether a job is meant."""
        return fnmatchcase(target, self.target) and fnmatchcase(name, self.name)


def _limit(value: Mapping[str, Any]) -> Limit:
    return Limit(value.get("after", 0), value.get("times"), value.get("probability", 1.0))


def _refusal(value: Mapping[str, Any]) -> Refusal:
    status = int(value["status"])
    by_family = CODES[400] if status < HTTPStatus.INTERNAL_SERVER_ERROR else CODES[500]
    return Refusal(
        status,
        value.get("code") or CODES.get(status, by_family),
        value.get("message") or "The emulator was told to refuse this request.",
        value.get("retryAfter"),
    )


def _given(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {name: value for name, value in fields.items() if value is not None}
