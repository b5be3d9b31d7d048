"""Webhooks: addresses of callers to which the endings of their jobs are sent."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from qjobs.domain.event import EventType
from qjobs.domain.job import Status

MOST_WEBHOOKS = 5
"""Webhooks that a caller can have."""
FAILING_LONGEST = timedelta(days=5)
"""After so long with nothing but failures a webhook is disabled."""
ROTATION = timedelta(hours=24)
"""For how long a secret that was replaced signs beside the new one."""
MOST_REPLACED = 3
"""Secrets that were replaced and still sign: who rotates more often loses the oldest."""
EVENTS = {
    Status.SUCCEEDED: EventType.SUCCEEDED,
    Status.FAILED: EventType.FAILED,
    Status.CANCELED: EventType.CANCELED,
}
"""The endings that a webhook may be told of, and the type of the event of each."""


class WebhookStatus(StrEnum):
    """The state of a webhook."""

    UNVERIFIED = "Unverified"
    """Its receiver has not accepted a ping yet; nothing else is sent to it."""
    ACTIVE = "Active"
    DISABLED = "Disabled"
    """Nothing is sent to it until its receiver accepts a ping."""


class DisabledReason(StrEnum):
    """The reason for which a webhook was disabled."""

    GONE = "Gone"
    """Its receiver has answered 410."""
    FAILING = "Failing"
    """Every request to it has failed for five days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """The record of a webhook; a change makes a new value. Its secrets are derived, not stored."""

    id: str
    owner: str
    url: str
    events: tuple[Status, ...]
    description: str | None
    base: str
    """Address of the API as its caller saw it, with which links in events begin."""
    created_at: datetime
    status: WebhookStatus = WebhookStatus.UNVERIFIED
    reason: DisabledReason | None = None
    failing_since: datetime | None = None
    """When the first request failed after which none succeeded."""
    generation: int = 0
    """Times that its secret was replaced."""
    replaced: tuple[datetime, ...] = ()
    """When that was, the latest last, as long as what was replaced still signs."""

    def wants(self, event: EventType) -> bool:
        """Return whether an event is to be sent to it."""
        chosen = {EVENTS[one] for one in self.events}
        return self.status is WebhookStatus.ACTIVE and event in chosen

    def generations(self, now: datetime) -> Sequence[int]:
        """Return the generations of the secrets that sign at a moment, the newest first."""
        late = [moment for moment in self.replaced if now < moment + ROTATION]
        return [self.generation - age for age in range(len(late) + 1)]

    def rotated(self, now: datetime) -> Webhook:
        """Return the webhook with a new secret, beside which those of the last day still sign."""
        late = [moment for moment in self.replaced if now < moment + ROTATION]
        return replace(
            self,
            generation=self.generation + 1,
            replaced=(*late, now)[-MOST_REPLACED:],
        )

    def succeeded(self, *, ping: bool) -> Webhook:
        """Return the webhook after a request that was accepted; a ping makes it active."""
        healthy = replace(self, failing_since=None)
        return replace(healthy, status=WebhookStatus.ACTIVE, reason=None) if ping else healthy

    def failed(self, now: datetime, *, gone: bool) -> Webhook:
        """Return the webhook after a request that failed."""
        since = self.failing_since or now
        failing = replace(self, failing_since=since)
        if self.status is WebhookStatus.DISABLED:
            return failing
        if gone:
            return replace(failing, status=WebhookStatus.DISABLED, reason=DisabledReason.GONE)
        if now - since >= FAILING_LONGEST:
            return replace(failing, status=WebhookStatus.DISABLED, reason=DisabledReason.FAILING)
        return failing


def secret_of(master: bytes, owner: str, webhook_id: str, generation: int) -> str:
    """Return a secret of a webhook, derived from the master secret, in the form `whsec_...`.

    The form, and 32 bytes, are those of Standard Webhooks; who knows one secret learns no other.
    """
    path = f"{owner}/{webhook_id}/{generation}"
    return "whsec_" + base64.b64encode(hmac.digest(master, path.encode(), "sha256")).decode()
