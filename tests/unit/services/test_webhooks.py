"""Webhooks from registration to delivery, over fakes of storage and receivers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import PAUSES, Delivery, DeliveryMessage, DeliveryStatus
from qjobs.domain.errors import (
    IdempotencyConflictError,
    InvalidInputError,
    InvalidParameterError,
    StorageUnavailableError,
    TooManyWebhooksError,
    UnknownDeliveryError,
    UnknownWebhookError,
    WebhookNotActiveError,
    WebhooksUnavailableError,
)
from qjobs.domain.job import Job, Status
from qjobs.domain.webhook import FAILING_LONGEST, DisabledReason, Webhook, WebhookStatus
from qjobs.domain.webhook_request import NoAnswer, Sent
from qjobs.webhook_ports import StoredDelivery
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted, stored

OWNER = "owner"
URL = "https://receiver.example/hook"
BASE = "https://api.example/quantum"
OK, BAD, GONE = Sent(204, None, 1), Sent(500, None, 1), Sent(410, None, 1)
NOWHERE = Sent(None, NoAnswer.NO_PUBLIC_ADDRESS, 1)


async def deliver(services: Services, ports: FakePorts, most: int = 100) -> list[float]:
    """Process what is queued for receivers, and return the delays of what was."""
    delays: list[float] = []
    while ports.queue.deliveries and len(delays) < most:
        message, delay = ports.queue.deliveries.pop(0)
        ports.clock.advance(delay)
        delays.append(delay)
        await services.deliver(message)
    return delays


async def active(services: Services, ports: FakePorts, **members: object) -> Webhook:
    """Return a webhook whose receiver has accepted a ping."""
    made = await services.webhooks.register(OWNER, {"url": URL, **members}, BASE)
    await services.deliveries.ping(OWNER, made.webhook.id)
    await deliver(services, ports)
    ports.webhook_sender.requests.clear()
    return await services.webhooks.get(OWNER, made.webhook.id)


async def ended(services: Services, **members: object) -> Job:
    """Return a job that has ended."""
    job = await accepted(services, algorithm="once", **members)
    await services.dispatch(job.message())
    return job


def events(ports: FakePorts) -> list[JSONObject]:
    """Return what was sent."""
    return [json.loads(one.body) for one in ports.webhook_sender.requests]


async def of_job(services: Services, webhook: Webhook) -> Delivery:
    """Return the one delivery of the webhook that is no ping."""
    page = await services.deliveries.page(OWNER, webhook.id, None, 100, None)
    [found] = [one.delivery for one in page.deliveries if not one.delivery.ping]
    return found


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


async def test_the_end_of_a_job_is_sent_with_ids_and_links_alone(
    services: Services, ports: FakePorts
) -> None:
    """Neither input nor result, name or tags leave the service."""
    webhook = await active(services, ports)
    job = await ended(services, name="secret name", tags=["secret-tag"])
    await deliver(services, ports)

    [event] = events(ports)
    finished = (await stored(ports, job)).finished_at
    assert finished is not None
    assert event == {
        "specversion": "1.0",
        "id": (await of_job(services, webhook)).id,
        "source": BASE,
        "type": "qjobs.job.succeeded",
        "subject": f"jobs/{job.id}",
        "time": event["time"],
        "datacontenttype": "application/json",
        "data": {
            "jobId": job.id,
            "algorithm": "once",
            "status": "Succeeded",
            "links": {"self": f"{BASE}/jobs/{job.id}", "result": f"{BASE}/jobs/{job.id}/result"},
        },
    }
    assert (await of_job(services, webhook)).status is DeliveryStatus.DELIVERED


async def test_only_what_was_chosen_is_sent(services: Services, ports: FakePorts) -> None:
    """A webhook for failures hears of no success, and a job may name its webhooks, or none."""
    one = await active(services, ports)
    two = await active(services, ports)
    failures = await active(services, ports, events=["Failed"])

    await ended(services, notify={"webhooks": []})
    assert ports.queue.deliveries == []
    await ended(services, notify={"webhooks": [two.id, failures.id]})
    assert [message.webhook_id for message, _ in ports.queue.deliveries] == [two.id]
    ports.queue.deliveries.clear()
    await ended(services)
    told = {message.webhook_id for message, _ in ports.queue.deliveries}
    assert told == {one.id, two.id}


async def test_a_job_cannot_name_a_webhook_of_another_caller(
    services: Services, ports: FakePorts
) -> None:
    """It is refused at its place, as one that does not exist."""
    webhook = await active(services, ports)
    other = "77777777-7777-4777-8777-777777777777"
    with pytest.raises(InvalidInputError) as refused:
        await services.submit(
            OWNER, "once", {"input": {}, "notify": {"webhooks": [webhook.id, other]}}, None
        )
    assert [one.pointer for one in refused.value.violations] == ["/notify/webhooks/1"]
    with pytest.raises(InvalidInputError):
        await services.submit(
            "stranger", "once", {"input": {}, "notify": {"webhooks": [webhook.id]}}, None
        )


@pytest.mark.parametrize(
    "notify", [False, True, {}, {"webhook": "1"}, {"webhooks": "1"}, {"webhooks": ["x"]}, []]
)
async def test_a_wrong_choice_of_webhooks_is_refused(services: Services, notify: object) -> None:
    """The member is an object with a list of ids."""
    with pytest.raises(InvalidInputError) as refused:
        await services.submit(OWNER, "once", {"input": {}, "notify": notify}, None)
    assert all((one.pointer or "").startswith("/notify") for one in refused.value.violations)


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


async def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(
    services: Services, ports: FakePorts
) -> None:
    """A receiver that knows either accepts what is sent meanwhile."""
    made = await services.webhooks.register(OWNER, {"url": URL}, BASE)
    again = await services.webhooks.rotate(OWNER, made.webhook.id)
    await services.deliveries.ping(OWNER, made.webhook.id)
    await deliver(services, ports)
    ports.clock.advance(24 * 3600)
    await services.deliveries.ping(OWNER, made.webhook.id)
    await deliver(services, ports)

    both, alone = (list(one.secrets) for one in ports.webhook_sender.requests)
    assert both == [again.secret, made.secret]
    assert alone == [again.secret]


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


async def test_nothing_is_sent_for_what_is_gone(services: Services, ports: FakePorts) -> None:
    """A webhook that was deleted, and a job of which there is no record."""
    webhook = await active(services, ports)
    job = await ended(services)
    [(message, _)] = ports.queue.deliveries
    ports.jobs.forget(OWNER, job.id)
    await services.deliver(message)
    await services.webhooks.delete(OWNER, webhook.id)
    await services.deliver(message)

    assert ports.webhook_sender.requests == []
    assert await services.webhooks.list(OWNER) == []
    with pytest.raises(UnknownWebhookError):
        await services.webhooks.get(OWNER, webhook.id)
    ports.listeners.looks = 0
    await ended(services)
    assert len(ports.queue.deliveries) == 1


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


async def test_the_message_of_a_job_is_bound_to_its_trace(
    services: Services, ports: FakePorts
) -> None:
    """It has ids alone."""
    webhook = await active(services, ports)
    job = await ended(services)
    [(message, _)] = ports.queue.deliveries

    assert message == DeliveryMessage(
        OWNER, webhook.id, message.delivery_id, job.id, trace_parent=job.trace_parent
    )
