"""Webhooks on the running stack, with a receiver that verifies by the usual library."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from emulator_support.patience import PATIENCE, async_tries
from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from localdev.stack.stack import Stack

type Json = dict[str, Any]


@dataclass
class Receiver:
    """A server of a caller."""

    url: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204

    def events(self, secret: str, kind: str = "qjobs.job.") -> list[Json]:
        """Return the events of a kind that the library accepts with a secret."""
        found = [Webhook(secret).verify(body, headers) for headers, body in self.received]
        return [one for one in found if one["type"].startswith(kind)]

    def ids(self) -> list[str]:
        """Return the ids of the events of jobs, in the order in which they came."""
        return [headers["webhook-id"] for headers, body in self.received if b'"jobs/' in body]

    async def until(self, is_there: Callable[[], object]) -> None:
        """Wait until something has come."""
        async for _ in async_tries(0.05):
            if is_there():
                return
        raise TimeoutError(f"{len(self.received)} requests came")


@pytest.fixture
async def receiver(receiver_port: int) -> AsyncIterator[Receiver]:
    """Run a receiver at the one place that the stack may reach."""
    made = Receiver(f"http://127.0.0.1:{receiver_port}/hook")

    async def take(request: web.BaseRequest) -> web.StreamResponse:
        made.received.append((dict(request.headers), await request.read()))
        return web.Response(status=made.status)

    async with AsyncExitStack() as stack:
        runner = web.ServerRunner(web.Server(take), shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", receiver_port, reuse_address=True).start()
        yield made


async def active(api: httpx.AsyncClient, receiver: Receiver) -> Json:
    """Return a webhook with its secret, whose ping the receiver has accepted."""
    answer = await api.post("webhooks", json={"url": receiver.url})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    async for _ in async_tries(0.05):
        if (await api.get(f"webhooks/{made['id']}")).json()["status"] == "Active":
            break
    return made


async def ended(api: httpx.AsyncClient, **members: object) -> Json:
    """Return a job that has ended."""
    body = {"input": {"qubits": 3}, **members}
    answer = await api.post("algorithms/ghz/jobs", json=body, headers={"prefer": "wait=30"})
    assert answer.status_code == 200, answer.text
    job: Json = answer.json()
    return job


async def deliveries(api: httpx.AsyncClient, hook: Json, **query: str) -> list[Json]:
    """Return the deliveries of events of jobs."""
    page = (await api.get(f"webhooks/{hook['id']}/deliveries", params=query)).json()
    return [one for one in page["value"] if one["jobId"]]


async def test_the_end_of_a_job_is_told_to_a_verified_webhook(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    """Ping and event are signed with the secret, and the link of the event leads to the result."""
    hook = await active(api, receiver)
    assert len(receiver.events(hook["secret"], "qjobs.webhook.ping")) == 1
    assert (await api.get("webhooks")).json()["value"][0]["secret"] is None

    job = await ended(api, name="a name")
    await receiver.until(receiver.ids)

    [event] = receiver.events(hook["secret"])
    assert event["type"] == "qjobs.job.succeeded"
    assert event["data"]["jobId"] == job["id"]
    assert b"a name" not in receiver.received[-1][1]
    result = await api.get(event["data"]["links"]["result"])
    assert result.json()["result"] == job["result"]
    [delivery] = await deliveries(api, hook, status="Delivered")
    assert (delivery["id"], delivery["jobId"]) == (event["id"], job["id"])
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").verify(
            receiver.received[-1][1], receiver.received[-1][0]
        )


async def test_a_receiver_that_was_down_gets_each_event_once_by_id(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    """Down for three attempts, two by the schedule and a replay; then a replay comes through."""
    hook = await active(api, receiver)
    receiver.status = 500
    jobs = [await ended(api) for _ in range(3)]
    await receiver.until(lambda: len(receiver.ids()) == 2 * len(jobs))
    for delivery in await deliveries(api, hook):
        again = await api.post(f"webhooks/{hook['id']}/deliveries/{delivery['id']}/replay")
        assert again.status_code == 202
    await receiver.until(lambda: len(receiver.ids()) == 3 * len(jobs))
    receiver.status, ids = 200, set(receiver.ids())
    receiver.received.clear()

    for delivery in await deliveries(api, hook):
        assert [one["httpStatus"] for one in delivery["attempts"]][:2] == [500, 500]
        await api.post(f"webhooks/{hook['id']}/deliveries/{delivery['id']}/replay")
    await receiver.until(lambda: len(set(receiver.ids())) == len(jobs))

    events = {event["id"]: event["data"]["jobId"] for event in receiver.events(hook["secret"])}
    assert set(events) == ids
    assert sorted(events.values()) == sorted(job["id"] for job in jobs)
    async for _ in async_tries(0.1):
        delivered = await deliveries(api, hook, status="Delivered")
        if len(delivered) == len(jobs):
            break
    assert len(delivered) == len(jobs)


@pytest.mark.one_stack
async def test_both_secrets_verify_after_a_rotation(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    """A receiver that has the old one accepts an event, and so does one that has the new one."""
    hook = await active(api, receiver)
    rotated = (await api.post(f"webhooks/{hook['id']}/rotate")).json()
    assert rotated["secret"] != hook["secret"]
    receiver.received.clear()

    await ended(api)
    await receiver.until(receiver.ids)

    assert len(receiver.events(hook["secret"])) == len(receiver.events(rotated["secret"])) == 1


@pytest.mark.one_stack
async def test_a_killed_host_loses_no_event(
    api: httpx.AsyncClient, receiver: Receiver, running_stack: Stack
) -> None:
    """The ends of jobs around a SIGKILL are told all the same, each under one id."""
    hook = await active(api, receiver)
    wanted: set[str] = set()
    for moment in (0.0, 0.05, 0.3):
        answers = [
            await api.post("algorithms/ghz/jobs", json={"input": {"qubits": 4 + number}})
            for number in range(4)
        ]
        wanted |= {answer.json()["id"] for answer in answers}
        await asyncio.sleep(moment)
        running_stack.kill("functions")
        running_stack.start("functions")

    await receiver.until(lambda: len(set(receiver.ids())) == len(wanted))
    events = {event["id"]: event["data"]["jobId"] for event in receiver.events(hook["secret"])}
    assert len(events) == len(wanted)
    assert set(events.values()) == wanted


@pytest.mark.one_stack
async def test_another_caller_has_no_part_in_a_webhook(
    api: httpx.AsyncClient, receiver: Receiver, stack: StackFacts
) -> None:
    """It does not exist for others, and their jobs are not told to it."""
    hook = await active(api, receiver)
    access = access_to(stack, caller=uuid.uuid4().hex)
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as other:
        assert (await other.get(f"webhooks/{hook['id']}")).status_code == 404
        assert (await other.post(f"webhooks/{hook['id']}/rotate")).status_code == 404
        assert (await other.delete(f"webhooks/{hook['id']}")).status_code == 404
        body = {"input": {"qubits": 3}, "notify": {"webhooks": [hook["id"]]}}
        assert (await other.post("algorithms/ghz/jobs", json=body)).status_code == 422
        await ended(other)
    await ended(api)
    await receiver.until(receiver.ids)
    assert len(receiver.events(hook["secret"])) == 1


@pytest.mark.one_stack
async def test_a_private_address_is_refused_at_registration_or_never_reached(
    api: httpx.AsyncClient,
) -> None:
    """One that is written out is a violation; a name that leads there is never reached."""
    for url in ("https://127.0.0.1/", "https://169.254.169.254/latest", "http://example.com/"):
        refused = await api.post("webhooks", json={"url": url})
        assert refused.status_code == 422
        assert refused.json()["violations"][0]["pointer"] == "/url"

    hook = (await api.post("webhooks", json={"url": "https://localhost.localdomain:8443/"})).json()
    async for _ in async_tries(0.1):
        page = (await api.get(f"webhooks/{hook['id']}/deliveries")).json()
        if page["value"] and page["value"][0]["attempts"]:
            break
    attempt = page["value"][0]["attempts"][0]
    assert (attempt["httpStatus"], attempt["failure"]) == (None, "NoPublicAddress")
    assert (await api.delete(f"webhooks/{hook['id']}")).status_code == 200
    assert (await api.get(f"webhooks/{hook['id']}")).status_code == 404
