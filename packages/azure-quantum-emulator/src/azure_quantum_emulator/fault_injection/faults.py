"""Faults to inject: into requests, and into jobs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.fault_injection import operations
from azure_quantum_emulator.fault_injection.durations import Delay
from azure_quantum_emulator.fault_injection.rules import Limit
from azure_quantum_emulator.json_model import WHOLE

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


def _operation(pattern: str) -> str:
    if pattern not in operations.PATTERNS:
        allowed = ", ".join(operations.PATTERNS)
        raise ValueError(f"{pattern!r} is unknown; allowed is {allowed}.")
    return pattern


def _default_code(fault: dict[str, Any]) -> str | None:
    status = fault.get("status")
    if status is None:
        return None
    return CODES.get(status, CODES[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500])


def _default_message(fault: dict[str, Any]) -> str | None:
    return fault.get("status") and "The emulator was told to refuse this request."


Text = Annotated[str, Field(min_length=1)]
Operation = Annotated[
    str, AfterValidator(_operation), Field(json_schema_extra={"enum": list(operations.PATTERNS)})
]


class RequestFault(Limit):
    """A fault of requests: they are delayed, then refused or cut off."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [effect]} for effect in ("status", "delay", "disconnect")],
            "not": {"required": ["status", "disconnect"]},
            "dependentRequired": {
                member: ["status"] for member in ("retryAfter", "code", "message")
            },
        }
    )

    operation: Operation = "*"
    method: Literal["GET", "PUT", "POST", "PATCH", "DELETE"] | None = None
    target: Text | None = None
    """a pattern of ids, in which * stands for anything; for operations that name a target"""
    delay: Delay | None = None
    """a duration or a distribution: how long after the request the fault goes on"""
    status: Annotated[int, Field(ge=400, le=599), WHOLE] | None = None
    """the status of an error to respond with: a whole number from 400 to 599"""
    retry_after: Annotated[int, Field(ge=0), WHOLE] | None = None
    """seconds, a whole number, for the header `Retry-After` of the error"""
    code: Text | None = Field(default_factory=_default_code)
    """the code of the error; without it, that of the status"""
    message: Text | None = Field(default_factory=_default_message)
    """the message of the error"""
    disconnect: Literal["request", "answer", "body"] | None = None
    """the connection is closed before the request is seen, instead of the response, or within it"""

    @model_validator(mode="after")
    def _check_effects(self) -> Self:
        if self.status is not None and self.disconnect is not None:
            raise ValueError("status and disconnect exclude each other.")
        if self.status is None and self.delay is None and self.disconnect is None:
            raise ValueError("a fault needs one of status, delay and disconnect.")
        if self.status is None and (self.retry_after is not None or self.code or self.message):
            raise ValueError("retryAfter, code and message need a status.")
        return self

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


class JobFault(Limit):
    """A fault of jobs, in place of their program: they fail, or hang until they are cancelled."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["code"]}, {"required": ["hang"]}],
            "dependentRequired": {"message": ["code"]},
        }
    )

    target: Text = "*"
    """a pattern of ids, in which * stands for anything"""
    name: Text = "*"
    """a pattern of names, in which * stands for anything"""
    code: Text | None = None
    """the code of the error that the job fails with"""
    message: Text | None = Field(
        default_factory=lambda fault: fault.get("code") and "The job was made to fail."
    )
    """the message of the error"""
    hang: Literal[True] | None = None
    """true leaves the job executing until it is cancelled"""

    @model_validator(mode="after")
    def _check_effects(self) -> Self:
        if (self.code is None) == (self.hang is None):
            raise ValueError("a fault of jobs needs either code or hang.")
        if self.message and not self.code:
            raise ValueError("message needs a code.")
        return self

    @property
    def error(self) -> JobError | None:
        """The error that the job fails with; None leaves it executing until it is cancelled."""
        return None if self.code is None else JobError(self.code, self.message or "")

    def matches(self, target: str, name: str) -> bool:
        """Return whether a job is meant."""
        return fnmatchcase(target, self.target) and fnmatchcase(name, self.name)
