"""Webhooks of the fakes: one that is active, jobs that end, what is delivered and sent."""

from __future__ import annotations

import json

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import Delivery
from qjobs.domain.job import Job
from qjobs.domain.webhook import Webhook
from qjobs.domain.webhook_request import NoAnswer, Sent
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted

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
