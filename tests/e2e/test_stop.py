"""The stop of the functions by the signal that the container image names."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from localdev.repository import ROOT
from localdev.stack.stack import Stack
from tests.e2e.provider_jobs import provider_jobs, queue_delay

pytestmark = pytest.mark.one_stack

JOBS = 4
DELAY = 7
"""Seconds that a job waits in the workspace: more than a stop by SIGTERM gives it."""


def image_signal() -> signal.Signals:
    """Return the signal by which the image is stopped."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (name,) = re.findall(r"^STOPSIGNAL (\w+)$", image, re.MULTILINE)
    return signal.Signals[name]


def grace() -> float:
    """Return the seconds that the container has from the signal on."""
    text = (ROOT / "infra" / "container" / "functions.bicep").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"terminationGracePeriodSeconds: (\d+)", text)
    return float(seconds)


async def until(what: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it has not happened"
        await asyncio.sleep(0.05)


async def until_at_provider(stack: Stack, number: int) -> None:
    """Wait until the workspace has had so many jobs."""
    deadline = time.monotonic() + grace()
    while (await provider_jobs(stack)).total() < number:
        assert time.monotonic() < deadline, "they are not there"
        await asyncio.sleep(0.05)


def connects(stack: Stack) -> bool:
    """Tell whether the functions take a new connection."""
    port = urlsplit(stack.facts["functions"]["url"]).port or 0
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


async def test_the_images_signal_ends_the_functions_with_their_work_done(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """Requests under way are answered, messages at work are finished, nothing else is taken.

    Each job ends after the next start, without waiting for a lease, by one job at the provider.
    """
    before = (await provider_jobs(running_stack)).total()
    async with queue_delay(running_stack, DELAY):
        path, body = "algorithms/ghz/jobs", {"input": {"qubits": 3}}
        queued = await asyncio.gather(*(api.post(path, json=body) for _ in range(JOBS)))
        ids = [answer.json()["id"] for answer in queued]
        await until_at_provider(running_stack, before + JOBS)
        waiting = asyncio.gather(
            api.post(path, json=body, headers={"prefer": "wait=12"}),
            api.get(f"jobs/{ids[0]}", headers={"prefer": "wait=12"}),
        )
        await until_at_provider(running_stack, before + JOBS + 1)

        running_stack.expect_death("functions")
        os.kill(running_stack.pid("functions"), image_signal())
        await until(lambda: not connects(running_stack), grace())
        assert not waiting.done()
        answers = await waiting
        await until(lambda: running_stack.exit_status("functions") is not None, grace())

    assert running_stack.exit_status("functions") == 0
    assert all(answer.is_success for answer in answers)

    running_stack.start("functions")
    ids.append(answers[0].json()["id"])
    for job_id in ids:
        job = (await api.get(f"jobs/{job_id}", headers={"prefer": "wait=30"})).json()
        assert job["status"] == "Succeeded", job
    names = await provider_jobs(running_stack)
    assert {job_id: names[f"ghz {job_id}"] for job_id in ids} == dict.fromkeys(ids, 1)
