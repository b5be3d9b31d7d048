"""A caller is told of its jobs over its channel: through gateway, functions and real clients."""

from __future__ import annotations

import os
import signal
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from emulator_support.patience import PATIENCE, async_tries
from localdev.stack.endpoints import access_to
from localdev.stack.stack import Stack
from tests.channel_client import ChannelClient, channel_client
from tests.e2e.provider_jobs import queue_delay

GHZ = {"input": {"qubits": 2}, "shots": 100}
QUEUE_SECONDS = 3
"""Long enough that the record of a job has every state."""
ENDINGS = {"qjobs.job.succeeded", "qjobs.job.failed", "qjobs.job.canceled"}


def trusting(stack: Stack) -> dict[str, str]:
    """Return the environment of a client that trusts the authority of a stack, if it has one."""
    authority = stack.log("storage").parents[1] / "tls" / "ca.pem"
    return os.environ | ({"NODE_EXTRA_CA_CERTS": str(authority)} if authority.exists() else {})


async def heard(client: ChannelClient) -> list[dict[str, str]]:
    """Return the events that come until a job is over."""
    events = [await client.message()]
    while events[-1]["type"] not in ENDINGS:
        events.append(await client.message())
    return events


async def test_a_caller_is_told_of_its_job(running_stack: Stack, api: httpx.AsyncClient) -> None:
    """Each state comes as an event with the job's id; the record of the job says the same."""
    opened = await api.get("/channel")
    assert opened.headers["cache-control"] == "no-store"
    channel = opened.json()
    left = datetime.fromisoformat(channel["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=50) < left <= timedelta(minutes=60)
    async with channel_client(channel["url"], environment=trusting(running_stack)) as client:
        assert "connected" in await client.next()
        async with queue_delay(running_stack, QUEUE_SECONDS):
            job = (await api.post("/algorithms/ghz/jobs", json=GHZ)).json()
            events = await heard(client)

    assert [one["type"] for one in events][-1] == "qjobs.job.succeeded"
    assert {one["type"] for one in events} >= {"qjobs.job.submitted", "qjobs.job.succeeded"}
    assert {one["subject"] for one in events} == {f"jobs/{job['id']}"}
    assert len({one["id"] for one in events}) == len(events)
    assert (await api.get(f"/jobs/{job['id']}")).json()["status"] == "Succeeded"


async def test_another_caller_hears_nothing(running_stack: Stack, api: httpx.AsyncClient) -> None:
    """Of two callers that listen and submit at the same time, each hears of its own jobs alone."""
    access = access_to(running_stack.facts, caller=uuid.uuid4().hex)
    trust = trusting(running_stack)
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as other:
        mine, theirs = [(await one.get("/channel")).json()["url"] for one in (api, other)]
        async with (
            channel_client(mine, environment=trust) as me,
            channel_client(theirs, environment=trust) as them,
        ):
            users = {(await client.next())["user"] for client in (me, them)}
            jobs = [
                (await one.post("/algorithms/ghz/jobs", json=GHZ)).json()["id"]
                for one in (api, other)
            ]
            subjects = [{one["subject"] for one in await heard(client)} for client in (me, them)]

    assert len(users) == len(set(jobs)) == 2
    assert subjects == [{f"jobs/{job}"} for job in jobs]


async def test_a_failure_and_a_cancellation_are_told(
    running_stack: Stack, api: httpx.AsyncClient
) -> None:
    """Every ending comes, whatever it is."""
    url = (await api.get("/channel")).json()["url"]
    async with channel_client(url, environment=trusting(running_stack)) as client:
        await client.next()
        twins = {"input": {"first": ":)", "second": ":)"}}
        await api.post("/algorithms/emoticons/jobs", json=twins)
        assert (await heard(client))[-1]["type"] == "qjobs.job.failed"

        async with queue_delay(running_stack, 600):
            job = (await api.post("/algorithms/ghz/jobs", json=GHZ)).json()
            await api.delete(f"/jobs/{job['id']}")
            assert (await heard(client))[-1]["type"] == "qjobs.job.canceled"


@pytest.mark.one_stack
async def test_an_end_before_whose_announcement_the_host_is_killed_is_listed_and_told(
    running_stack: Stack, api: httpx.AsyncClient
) -> None:
    """The client that connects again sees the end in its next list; the event comes after it.

    The channel takes the request and does not answer it, so the record has its end, and whoever
    writes it waits to tell, when the host dies.
    """
    await api.get("/channel")
    os.kill(running_stack.pid("channel"), signal.SIGSTOP)
    try:
        job = (await api.post("/algorithms/ghz/jobs", json=GHZ)).json()
        async for _ in async_tries(0.02):
            if (await api.get(f"/jobs/{job['id']}")).json()["status"] == "Succeeded":
                break
    finally:
        for part in ("functions", "channel"):
            running_stack.kill(part)
        for part in ("channel", "functions"):
            running_stack.start(part)

    url = (await api.get("/channel")).json()["url"]
    async with channel_client(url, environment=trusting(running_stack)) as client:
        await client.next()
        page = (await api.get("/jobs", params={"top": 1})).json()
        assert [(one["id"], one["status"]) for one in page["value"]] == [(job["id"], "Succeeded")]
        told = (await heard(client))[-1]

    assert (told["type"], told["subject"]) == ("qjobs.job.succeeded", f"jobs/{job['id']}")
