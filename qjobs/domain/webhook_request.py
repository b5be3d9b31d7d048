"""One request to a webhook, and the outcome of sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

TIMEOUT = 15.0
"""Seconds within which the receiver has to have answered."""


class NoAnswer(StrEnum):
    """The reason for which a request to a webhook has no status."""

    NO_PUBLIC_ADDRESS = "NoPublicAddress"
    """The name has no address, or none that is public: which of both, callers do not learn."""
    CONNECTION_FAILED = "ConnectionFailed"
    TLS_FAILED = "TlsFailed"
    """The certificate is not valid for the name, or the receiver speaks no TLS."""
    TIMED_OUT = "TimedOut"
    INVALID_ANSWER = "InvalidAnswer"
    """The receiver does not speak HTTP."""


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An event for a webhook, to be signed with each of its secrets."""

    url: str
    id: str
    """The same for each repetition of the event."""
    at: datetime
    """When it is sent, which is signed: receivers refuse a time that is minutes off."""
    body: bytes
    secrets: Sequence[str]
    """In the form `whsec_...`, the newest first."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of a request to a webhook: the status of its response, or the reason for none."""

    status: int | None
    reason: NoAnswer | None
    milliseconds: int
    retry_after: float | None = None
    """Seconds that the receiver asks to wait, with 429 and 503 alone."""

    @property
    def delivered(self) -> bool:
        """Whether the receiver has accepted the event."""
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no event any more."""
        return self.status == HTTPStatus.GONE
