"""Deliveries to webhooks: repeated, replayed, given up, and never doubled under another id."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.delivery import PAUSES, Delivery, DeliveryStatus
from qjobs.domain.errors import (
    StorageUnavailableError,
    WebhookNotActiveError,
)
from qjobs.domain.webhook import FAILING_LONGEST, DisabledReason, WebhookStatus
from qjobs.domain.webhook_request import Sent
from qjobs.webhook_ports import StoredDelivery
from tests.fakes import FakePorts
from tests.unit.services.webhooks import (
    BAD,
    GONE,
    NOWHERE,
    OK,
    OWNER,
    active,
    deliver,
    ended,
    events,
    of_job,
)


async def test_a_receiver_that_is_down_gets_the_event_later_under_one_id(
    services: Services, ports: FakePorts
) -> None:
    """Three failures, then success: the same id and body, a time of its own for each."""
    webhook = await active(services, ports)
    ports.webhook_sender.outcomes = [BAD, NOWHERE, Sent(302, None, 1), OK]
    await ended(services)
    delays = await deliver(services, ports)

    for delay, pause in zip(delays, PAUSES, strict=False):
        assert 0.8 * pause <= delay <= 1.2 * pause
    requests = ports.webhook_sender.requests
    assert len(requests) == 4
    assert len({(one.id, one.body) for one in requests}) == 1
    assert len({one.at for one in requests}) == 4
    delivery = await of_job(services, webhook)
    assert delivery.status is DeliveryStatus.DELIVERED
    assert [one.status for one in delivery.attempts] == [500, None, 302, 204]
    assert [one.reason for one in delivery.attempts] == [None, "NoPublicAddress", None, None]


async def test_a_delivery_that_failed_is_sent_again_when_asked(
    services: Services, ports: FakePorts
) -> None:
    """After the whole schedule it rests; a replay sends the same event, with a new time."""
    webhook = await active(services, ports)
    ports.webhook_sender.outcomes = [BAD]
    await ended(services)
    assert len(await deliver(services, ports)) == len(PAUSES)
    failed = await of_job(services, webhook)
    assert failed.status is DeliveryStatus.FAILED
    ports.webhook_sender.outcomes = [OK]

    again = await services.deliveries.replay(OWNER, webhook.id, failed.id)
    assert (again.status, len(ports.queue.deliveries)) == (DeliveryStatus.PENDING, 1)
    await deliver(services, ports)

    first, *_, last = ports.webhook_sender.requests
    assert (first.id, first.body) == (last.id, last.body)
    assert last.at > first.at
    assert (await of_job(services, webhook)).status is DeliveryStatus.DELIVERED


async def test_what_failed_since_a_time_is_sent_again_in_waves(
    services: Services, ports: FakePorts
) -> None:
    """Up to a hundred at once; the answer says whether there are more."""
    webhook = await active(services, ports)
    early = ports.clock.now()
    for index in range(103):
        ports.clock.advance(1)
        await ports.deliveries.create(
            Delivery(
                id=f"{index:03}",
                owner=OWNER,
                webhook_id=webhook.id,
                type="qjobs.job.failed",
                job_id="1",
                algorithm="once",
                at=ports.clock.now(),
                kept_until=early + timedelta(days=30),
                status=DeliveryStatus.FAILED if index else DeliveryStatus.DELIVERED,
            )
        )
    late = early + timedelta(seconds=3)

    waves = [
        await services.deliveries.replay_failed(OWNER, webhook.id, {"since": late.isoformat()})
        for _ in range(3)
    ]

    assert [(one.number, one.more) for one in waves] == [(100, True), (1, False), (0, False)]
    sent = {message.delivery_id for message, _ in ports.queue.deliveries}
    assert sent == {f"{index:03}" for index in range(2, 103)}


async def test_gone_disables_and_a_ping_brings_it_back(
    services: Services, ports: FakePorts
) -> None:
    """After 410 nothing is sent, however much is queued or asked for; then a ping is accepted."""
    webhook = await active(services, ports)
    await ended(services)
    await ended(services)
    ports.webhook_sender.outcomes = [GONE]
    await deliver(services, ports)
    disabled = await services.webhooks.get(OWNER, webhook.id)
    assert (disabled.status, disabled.reason) == (WebhookStatus.DISABLED, DisabledReason.GONE)
    assert len(ports.webhook_sender.requests) == 1
    page = await services.deliveries.page(OWNER, webhook.id, DeliveryStatus.FAILED, 100, None)
    assert len(page.deliveries) == 2
    with pytest.raises(WebhookNotActiveError):
        await services.deliveries.replay(OWNER, webhook.id, page.deliveries[0].delivery.id)
    since = {"since": "2026-01-01T00:00:00Z"}
    with pytest.raises(WebhookNotActiveError):
        await services.deliveries.replay_failed(OWNER, webhook.id, since)

    ports.webhook_sender.outcomes = [OK]
    await services.deliveries.ping(OWNER, webhook.id)
    await deliver(services, ports)
    await ended(services)
    await deliver(services, ports)
    assert events(ports)[-1]["type"] == "qjobs.job.succeeded"


async def test_five_days_of_failures_disable(services: Services, ports: FakePorts) -> None:
    """The reason is shown, and one success in between begins the count anew."""
    webhook = await active(services, ports)
    ports.webhook_sender.outcomes = [BAD, OK, BAD]
    await ended(services)
    await deliver(services, ports)
    ports.clock.advance(FAILING_LONGEST.total_seconds())
    await ended(services)
    began = ports.clock.now()
    await deliver(services, ports)
    assert (await services.webhooks.get(OWNER, webhook.id)).failing_since == began

    ports.clock.advance((began + FAILING_LONGEST - ports.clock.now()).total_seconds() - 60)
    await ended(services)
    await deliver(services, ports, most=2)
    assert (await services.webhooks.get(OWNER, webhook.id)).status is WebhookStatus.ACTIVE
    await deliver(services, ports, most=1)

    disabled = await services.webhooks.get(OWNER, webhook.id)
    assert (disabled.status, disabled.reason) == (WebhookStatus.DISABLED, DisabledReason.FAILING)


@pytest.mark.parametrize("asked", [60.0, 3 * 24 * 3600.0])
async def test_who_is_busy_is_left_alone_for_as_long_as_it_asks(
    services: Services, ports: FakePorts, asked: float
) -> None:
    """Up to a day."""
    await active(services, ports)
    ports.webhook_sender.outcomes = [Sent(503, None, 1, asked), OK]
    await ended(services)

    assert (await deliver(services, ports))[1] == min(asked, 24 * 3600.0)


async def test_a_death_after_the_request_repeats_it_under_the_same_id(
    services: Services, ports: FakePorts
) -> None:
    """The message comes again, and what is sent twice is one event."""
    webhook = await active(services, ports)
    await ended(services)
    [(message, _)] = ports.queue.deliveries
    ports.queue.deliveries.clear()
    before = await services.deliver._delivery(message)  # noqa: SLF001 - as a first attempt leaves it
    assert before is not None
    await services.deliver(message)
    known = await ports.deliveries.get(OWNER, webhook.id, message.delivery_id)
    assert known is not None
    await ports.deliveries.save(before.delivery, known.etag)  # it was never noted

    await services.deliver(message)

    assert len({(one.id, one.body) for one in ports.webhook_sender.requests}) == 1
    assert len(ports.webhook_sender.requests) == 2
    assert (await of_job(services, webhook)).status is DeliveryStatus.DELIVERED


async def test_a_double_sends_nothing_once_the_attempt_is_noted(
    services: Services, ports: FakePorts
) -> None:
    """Neither after a success nor while the next attempt is queued."""
    await active(services, ports)
    ports.webhook_sender.outcomes = [BAD, OK]
    await ended(services)
    [(message, _)] = ports.queue.deliveries

    await services.deliver(message)
    await services.deliver(message)
    assert len(ports.webhook_sender.requests) == 1
    await deliver(services, ports)
    await services.deliver(message)
    assert len(ports.webhook_sender.requests) == 2


async def test_storage_that_is_away_leaves_the_message_to_the_queue(
    services: Services, ports: FakePorts
) -> None:
    """The error comes out, so that the host hands the message out again; then it goes on."""
    webhook = await active(services, ports)
    await ended(services)
    [(message, _)] = ports.queue.deliveries
    ports.webhook_sender.error = StorageUnavailableError("away")
    with pytest.raises(StorageUnavailableError):
        await services.deliver(message)

    ports.webhook_sender.error = None
    await services.revive_delivery(message.encode())
    revived, _ = ports.queue.deliveries[-1]
    assert revived == replace(message, revivals=1)
    await services.deliver(revived)
    assert (await of_job(services, webhook)).status is DeliveryStatus.DELIVERED
    await services.revive_delivery("nonsense")
    assert ports.queue.deliveries[1:-1] == []


async def test_a_slow_receiver_does_not_take_every_place(
    services: Services, ports: FakePorts
) -> None:
    """While four requests to it are under way, a fifth message is put back as it is."""
    webhook = await active(services, ports)
    await ended(services)
    [(message, _)] = ports.queue.deliveries
    ports.queue.deliveries.clear()
    services.deliver._under_way[webhook.id] = 4  # noqa: SLF001 - as requests that hang

    await services.deliver(message)

    assert ports.webhook_sender.requests == []
    [(again, delay)] = ports.queue.deliveries
    assert again == message
    assert delay > 0


async def test_expired_deliveries_are_deleted(services: Services, ports: FakePorts) -> None:
    """They are kept as long as jobs."""
    webhook = await active(services, ports)
    await ended(services)
    await deliver(services, ports)
    ports.clock.advance(services.settings.retention.total_seconds() - 60)
    await services.sweep_deliveries()
    assert (await of_job(services, webhook)).status is DeliveryStatus.DELIVERED

    ports.clock.advance(120)
    await services.sweep_deliveries()

    page = await services.deliveries.page(OWNER, webhook.id, None, 100, None)
    assert list[StoredDelivery](page.deliveries) == []
