"""Serialization of webhooks and deliveries as JSON that fits into the metadata of a blob."""

from __future__ import annotations

import json
from datetime import datetime

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import Attempted, Delivery, DeliveryStatus
from qjobs.domain.job import Status
from qjobs.domain.record_text import record_json
from qjobs.domain.webhook import DisabledReason, Webhook, WebhookStatus

VERSION = 1


def encode_webhook(webhook: Webhook) -> str:
    """Return the record of a webhook, which is a valid header too."""
    return record_json(
        {
            "version": VERSION,
            "id": webhook.id,
            "owner": webhook.owner,
            "url": webhook.url,
            "events": webhook.events,
            "description": webhook.description,
            "base": webhook.base,
            "createdAt": times.to_text(webhook.created_at),
            "status": webhook.status,
            "reason": webhook.reason,
            "failingSince": times.to_text_or_none(webhook.failing_since),
            "generation": webhook.generation,
            "replaced": [times.to_text(one) for one in webhook.replaced],
        }
    )


def decode_webhook(text: str) -> Webhook:
    """Return the webhook of a record.

    Raises:
        ValueError: it is no JSON, or a record of another version.

    """
    record = _read(text)
    return Webhook(
        id=record["id"],
        owner=record["owner"],
        url=record["url"],
        events=tuple(Status(one) for one in record["events"]),
        description=record["description"],
        base=record["base"],
        created_at=times.from_text(record["createdAt"]),
        status=WebhookStatus(record["status"]),
        reason=DisabledReason(record["reason"]) if record["reason"] else None,
        failing_since=_moment(record["failingSince"]),
        generation=record["generation"],
        replaced=tuple(times.from_text(one) for one in record["replaced"]),
    )


def encode_delivery(delivery: Delivery) -> str:
    """Return the record of a delivery, which is a valid header too."""
    return record_json(
        {
            "version": VERSION,
            "id": delivery.id,
            "owner": delivery.owner,
            "webhook": delivery.webhook_id,
            "type": delivery.type,
            "job": delivery.job_id,
            "algorithm": delivery.algorithm,
            "at": times.to_text(delivery.at),
            "keptUntil": times.to_text(delivery.kept_until),
            "status": delivery.status,
            "round": delivery.round,
            "tries": delivery.tries,
            "next": times.to_text_or_none(delivery.next_attempt),
            "attempts": [
                [times.to_text(one.at), one.status, one.reason, one.milliseconds]
                for one in delivery.attempts
            ],
        }
    )


def decode_delivery(text: str) -> Delivery:
    """Return the delivery of a record.

    Raises:
        ValueError: it is no JSON, or a record of another version.

    """
    record = _read(text)
    return Delivery(
        id=record["id"],
        owner=record["owner"],
        webhook_id=record["webhook"],
        type=record["type"],
        job_id=record["job"],
        algorithm=record["algorithm"],
        at=times.from_text(record["at"]),
        kept_until=times.from_text(record["keptUntil"]),
        status=DeliveryStatus(record["status"]),
        round=record["round"],
        tries=record["tries"],
        next_attempt=_moment(record["next"]),
        attempts=tuple(
            Attempted(times.from_text(at), status, reason, milliseconds)
            for at, status, reason, milliseconds in record["attempts"]
        ),
    )


def _read(text: str) -> JSONObject:
    record: JSONObject = json.loads(text)
    if record["version"] != VERSION:
        raise ValueError(f"a record of version {record['version']}, not of {VERSION}")
    return record


def _moment(text: str | None) -> datetime | None:
    return times.from_text(text) if text else None
