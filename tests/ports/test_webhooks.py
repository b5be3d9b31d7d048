"""Contract of `Webhooks`: fake and Blob Storage keep the same."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qjobs.domain.errors import ConcurrentUpdateError, TooManyWebhooksError, UnknownWebhookError
from qjobs.domain.job import Status
from qjobs.domain.webhook import MOST_WEBHOOKS, DisabledReason, Webhook, WebhookStatus
from qjobs.webhook_ports import Webhooks

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def webhook(owner: str = "a", **members: object) -> Webhook:
    """Return a new webhook."""
    default = {
        "id": str(uuid.uuid4()),
        "owner": owner,
        "url": "https://receiver.example/hook?a=%20b",
        "events": (Status.SUCCEEDED, Status.FAILED),
        "description": None,
        "base": "https://api.example/quantum",
        "created_at": NOW,
    }
    return Webhook(**{**default, **members})  # type: ignore[arg-type]


async def test_a_webhook_is_read_as_it_was_written(webhooks: Webhooks) -> None:
    """Every member comes back, whatever a caller wrote, and the largest there can be fits."""
    written = webhook(
        url="https://receiver.example/" + "a" * 2023,
        description="\U0001f4a9" * 200,
        status=WebhookStatus.DISABLED,
        reason=DisabledReason.FAILING,
        failing_since=NOW - timedelta(days=5),
        generation=7,
        replaced=(NOW, NOW, NOW),
    )
    await webhooks.create(written)

    assert (await webhooks.get("a", written.id)).webhook == written
    assert [one.webhook for one in await webhooks.all("a")] == [written]


async def test_each_owner_has_webhooks_of_his_own(webhooks: Webhooks) -> None:
    """A list has those of one owner, the oldest first; those of others do not exist."""
    late, early = webhook(created_at=NOW + timedelta(seconds=1)), webhook()
    other = webhook("b")
    for one in (late, early, other):
        await webhooks.create(one)

    assert [one.webhook.id for one in await webhooks.all("a")] == [early.id, late.id]
    assert await webhooks.all("c") == []
    with pytest.raises(UnknownWebhookError):
        await webhooks.get("a", other.id)


async def test_no_more_than_allowed_are_made_by_requests_at_once(webhooks: Webhooks) -> None:
    """Of many at the same time as many succeed as there is room for; a deletion makes room."""
    made = await asyncio.gather(
        *(webhooks.create(webhook()) for _ in range(MOST_WEBHOOKS + 3)), return_exceptions=True
    )
    assert made.count(None) == MOST_WEBHOOKS
    assert sum(isinstance(one, TooManyWebhooksError) for one in made) == 3

    stored = await webhooks.all("a")
    assert len(stored) == MOST_WEBHOOKS
    await webhooks.delete(stored[2])
    await webhooks.create(webhook())
    with pytest.raises(TooManyWebhooksError):
        await webhooks.create(webhook())


async def test_a_write_needs_the_version_that_was_read(webhooks: Webhooks) -> None:
    """Of two who have read the same one can write, and neither what is gone."""
    await webhooks.create(webhook())
    [first] = await webhooks.all("a")
    await webhooks.save(first, replace(first.webhook, generation=1))

    with pytest.raises(ConcurrentUpdateError):
        await webhooks.save(first, replace(first.webhook, generation=2))
    with pytest.raises(ConcurrentUpdateError):
        await webhooks.delete(first)

    [second] = await webhooks.all("a")
    assert second.webhook.generation == 1
    await webhooks.delete(second)
    await webhooks.delete(second)
    with pytest.raises(ConcurrentUpdateError):
        await webhooks.save(second, second.webhook)
    assert await webhooks.all("a") == []
