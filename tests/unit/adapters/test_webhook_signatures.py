"""Signatures of what is sent to webhooks, verified by the library of receivers."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.unit.adapters.webhook_receivers import (
    SECRET,
    Receiver,
    answer,
    request_for,
    sender,
)


async def test_the_usual_library_accepts_what_is_sent(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """Headers and signature are those of Standard Webhooks, over the body as it is."""
    receiver = await receivers(answer(200))
    async with sender(receiver.place) as send:
        assert (await send.send(request_for(f"http://{receiver.place}/hook"))).delivered

    [request], [body] = receiver.received, receiver.bodies
    assert Webhook(SECRET).verify(body, dict(request.headers)) == {"data": {"jobId": "1"}}
    assert request.headers["webhook-id"] == "event-1"
    assert request.headers["content-type"] == "application/cloudevents+json"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", dict(request.headers))


async def test_each_of_several_secrets_verifies_what_is_sent(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """Receivers with the new secret and with the old one accept it, and with another none do."""
    keys = [
        "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode() for _ in ("new", "old", "no")
    ]
    receiver = await receivers(answer(200))
    async with sender(receiver.place) as send:
        await send.send(request_for(f"http://{receiver.place}/", *keys[:2]))

    [request], [body] = receiver.received, receiver.bodies
    for key in keys[:2]:
        Webhook(key).verify(body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(keys[2]).verify(body, dict(request.headers))
    signatures = request.headers["webhook-signature"].split(" ")
    assert len(signatures) == 3
    assert signatures[1] == signatures[2]


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_clock_ten_minutes_off_is_refused_by_the_library(
    receivers: Callable[..., Awaitable[Receiver]], minutes: int
) -> None:
    """What was recorded and is sent again later is refused, as is what comes from the future."""
    receiver = await receivers(answer(200))
    off = datetime.now(UTC) + timedelta(minutes=minutes)
    async with sender(receiver.place) as send:
        await send.send(request_for(f"http://{receiver.place}/", at=off))

    with pytest.raises(WebhookVerificationError, match=r"too (old|new)"):
        Webhook(SECRET).verify(receiver.bodies[0], dict(receiver.received[0].headers))
