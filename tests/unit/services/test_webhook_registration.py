"""Webhooks of callers: registered, verified by a ping, deleted, each caller alone with its own."""

from __future__ import annotations

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import (
    IdempotencyConflictError,
    InvalidParameterError,
    TooManyWebhooksError,
    UnknownDeliveryError,
    UnknownWebhookError,
    WebhooksUnavailableError,
)
from qjobs.domain.job import Status
from qjobs.domain.webhook import WebhookStatus
from tests.fakes import FakePorts
from tests.unit.services.jobs import stored
from tests.unit.services.webhooks import (
    BASE,
    OWNER,
    URL,
    active,
    deliver,
    ended,
    events,
    of_job,
)


async def test_a_ping_that_is_accepted_makes_a_webhook_active(
    services: Services, ports: FakePorts
) -> None:
    """Nothing is told before; the ping has the form of every event, and names no job."""
    made = await services.webhooks.register(OWNER, {"url": URL}, BASE)
    await ended(services)
    assert ports.queue.deliveries == []

    await services.deliveries.ping(OWNER, made.webhook.id)
    await deliver(services, ports)

    [event] = events(ports)
    assert event["type"] == "qjobs.webhook.ping"
    assert event["data"] == {"webhookId": made.webhook.id}
    [request] = ports.webhook_sender.requests
    assert (request.url, request.id) == (URL, event["id"])
    assert list(request.secrets) == [made.secret]
    webhook = await services.webhooks.get(OWNER, made.webhook.id)
    assert webhook.status is WebhookStatus.ACTIVE


async def test_the_same_key_registers_once(services: Services, ports: FakePorts) -> None:
    """A repetition gives the same webhook and secret; with another URL it is refused."""
    first = await services.webhooks.register(OWNER, {"url": URL}, BASE, "key")
    again = await services.webhooks.register(OWNER, {"url": URL}, BASE, "key")
    other = await services.webhooks.register(OWNER, {"url": URL}, BASE, "other key")

    assert (again.webhook, again.secret, again.replayed) == (first.webhook, first.secret, True)
    assert other.webhook.id != first.webhook.id
    assert other.secret != first.secret
    with pytest.raises(IdempotencyConflictError):
        await services.webhooks.register(OWNER, {"url": f"{URL}/2"}, BASE, "key")
    assert len(await services.webhooks.list(OWNER)) == 2


async def test_a_caller_has_five_webhooks_at_most(services: Services) -> None:
    """The sixth is refused, until one is deleted; another caller has room."""
    made = [await services.webhooks.register(OWNER, {"url": URL}, BASE) for _ in range(5)]
    with pytest.raises(TooManyWebhooksError):
        await services.webhooks.register(OWNER, {"url": URL}, BASE)
    await services.webhooks.register("b" * 32, {"url": URL}, BASE)
    await services.webhooks.delete(OWNER, made[0].webhook.id)
    await services.webhooks.register(OWNER, {"url": URL}, BASE)


async def test_webhooks_of_another_caller_do_not_exist(
    services: Services, ports: FakePorts
) -> None:
    """Whatever is asked of them, there is no such webhook; and no such delivery of an own one."""
    webhook = await active(services, ports)
    await ended(services)
    await deliver(services, ports)
    delivery = await of_job(services, webhook)
    other, use = "b" * 32, services
    mine = await services.webhooks.register(other, {"url": URL}, BASE)
    for call in (
        use.webhooks.get(other, webhook.id),
        use.webhooks.delete(other, webhook.id),
        use.webhooks.rotate(other, webhook.id),
        use.deliveries.ping(other, webhook.id),
        use.deliveries.page(other, webhook.id, None, 1, None),
        use.deliveries.replay(other, webhook.id, delivery.id),
        use.deliveries.replay_failed(other, webhook.id, {"since": "2026-01-01T00:00:00Z"}),
    ):
        with pytest.raises(UnknownWebhookError):
            await call
    with pytest.raises(UnknownDeliveryError):
        await use.deliveries.replay(other, mine.webhook.id, delivery.id)
    for id_ in ("x", "../" + webhook.id):
        with pytest.raises(InvalidParameterError):
            await use.webhooks.get(OWNER, id_)
        with pytest.raises(InvalidParameterError):
            await use.deliveries.replay(OWNER, webhook.id, id_)


async def test_without_a_master_secret_there_are_no_webhooks(
    services: Services, ports: FakePorts
) -> None:
    """What needs a secret says so; the rest works as ever."""
    made = await services.webhooks.register(OWNER, {"url": URL}, BASE)
    ports.webhook_master.secret = None
    for call in (
        services.webhooks.register(OWNER, {"url": URL}, BASE),
        services.webhooks.rotate(OWNER, made.webhook.id),
        services.deliveries.ping(OWNER, made.webhook.id),
    ):
        with pytest.raises(WebhooksUnavailableError):
            await call
    assert len(await services.webhooks.list(OWNER)) == 1
    job = await ended(services)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(
    services: Services, ports: FakePorts
) -> None:
    """A receiver that knows either accepts what is sent meanwhile."""
    made = await services.webhooks.register(OWNER, {"url": URL}, BASE)
    again = await services.webhooks.rotate(OWNER, made.webhook.id)
    for pause in (0, 24 * 3600 - 1, 1):
        ports.clock.advance(pause)
        await services.deliveries.ping(OWNER, made.webhook.id)
        await deliver(services, ports)

    both = [again.secret, made.secret]
    signed = [list(one.secrets) for one in ports.webhook_sender.requests]
    assert signed == [both, both, [again.secret]]
