"""Rendering of webhooks and deliveries as JSON."""

from __future__ import annotations

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import Delivery
from qjobs.domain.webhook import Webhook


def webhook_url(base: str, webhook_id: str) -> str:
    """Return the absolute URL of a webhook."""
    return f"{base}/webhooks/{webhook_id}"


def webhook_document(base: str, webhook: Webhook, secret: str | None = None) -> JSONObject:
    """Return the document of a webhook, with its secret where it is shown."""
    url = webhook_url(base, webhook.id)
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "description": webhook.description,
        "status": webhook.status,
        "disabledReason": webhook.reason,
        "failingSince": times.to_text_or_none(webhook.failing_since),
        "createdAt": times.to_text(webhook.created_at),
        "secret": secret,
        "links": {"self": url, "deliveries": f"{url}/deliveries"},
    }


def delivery_document(delivery: Delivery) -> JSONObject:
    """Return the document of a delivery."""
    return {
        "id": delivery.id,
        "type": delivery.type,
        "jobId": delivery.job_id,
        "status": delivery.status,
        "occurredAt": times.to_text(delivery.at),
        "nextAttemptAt": times.to_text_or_none(delivery.next_attempt),
        "expiresAt": times.to_text(delivery.kept_until),
        "attempts": [
            {
                "at": times.to_text(one.at),
                "httpStatus": one.status,
                "failure": one.reason,
                "milliseconds": one.milliseconds,
            }
            for one in delivery.attempts
        ],
    }
