"""Events to webhooks: which are sent, of which jobs, and what is in them."""

from __future__ import annotations

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.delivery import DeliveryMessage, DeliveryStatus
from qjobs.domain.errors import (
    InvalidInputError,
    UnknownWebhookError,
)
from tests.fakes import FakePorts
from tests.unit.services.jobs import stored
from tests.unit.services.webhooks import (
    BASE,
    OWNER,
    active,
    deliver,
    ended,
    events,
    of_job,
)


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
