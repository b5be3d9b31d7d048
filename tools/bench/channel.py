"""Delay from the end of a job to the event at a client of its caller's channel."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import ClientSession, ClientWebSocketResponse

from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from qjobs.adapters.system_clock import SystemClock
from qjobs.adapters.web_pubsub import WebPubSub
from qjobs.domain.event import EventType, JobEvent
from qjobs.settings import ChannelSettings
from tools.bench import jobs
from tools.figures import Baseline, Figure, Target, p95

WARM_UP = 3  # jobs, and messages, before anything is measured
TARGET = Target(100)
ENDED = "job ended to event at a client"


async def measure(facts: StackFacts, repetitions: int) -> list[Figure]:
    """Submit jobs one after the other, and wait for the event of the end of each.

    Args:
        facts: of a stack with a channel
        repetitions: jobs, and messages for the baseline

    """
    async with jobs.connect(access_to(facts)) as client:
        opened = await jobs.call(client, "GET", "channel", HTTPStatus.OK)
        address = json.loads(opened.text)
        async with _listening(address["url"], address["protocol"]) as socket:
            delays = [await _job(client, socket) for _ in range(WARM_UP + repetitions)][WARM_UP:]
    alone = Baseline(await _alone(facts, repetitions), "a message without a job")
    return [
        Figure(f"{ENDED}, median", statistics.median(delays), "ms", alone, TARGET),
        Figure(f"{ENDED}, p95", p95(delays), "ms", alone),
    ]


async def _job(client: ClientSession, socket: ClientWebSocketResponse) -> float:
    """Return the milliseconds from the end of a job, by its record, to the event of it."""
    submitted = json.loads((await jobs.submit(client)).text)
    while True:
        event = (await socket.receive_json())["data"]
        arrived = time.time()
        if event["data"]["jobId"] == submitted["id"] and event["type"] == EventType.SUCCEEDED:
            return (arrived - datetime.fromisoformat(event["time"]).timestamp()) * 1000


async def _alone(facts: StackFacts, repetitions: int) -> float:
    """Return the median milliseconds from sending an event to its arrival at a client."""
    settings = ChannelSettings(connection_string=facts["channel"]["connectionString"])
    sender = WebPubSub(settings, None, SystemClock())
    owner = "bench"
    address = await sender.address(owner)
    delays: list[float] = []
    async with _listening(address.url, address.protocol) as socket:
        for number in range(WARM_UP + repetitions):
            at = datetime.now(UTC)
            await sender.tell(JobEvent(EventType.RUNNING, owner, str(number), "ghz", 0, at))
            await socket.receive_json()
            delays.append((time.time() - at.timestamp()) * 1000)
    await sender.close()
    return statistics.median(delays[WARM_UP:])


@asynccontextmanager
async def _listening(url: str, protocol: str) -> AsyncIterator[ClientWebSocketResponse]:
    async with (
        ClientSession() as http,
        http.ws_connect(url, protocols=[protocol]) as socket,
    ):
        await socket.receive_json()  # that it is connected
        yield socket
