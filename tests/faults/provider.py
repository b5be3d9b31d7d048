"""The provider of a running stack: its faults, its queues, and the jobs it has of one of ours."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import workspace_of
from localdev.stack.stack import Stack

FINAL = {"Succeeded", "Failed", "Canceled"}
LONG_ENOUGH = 25.0
"""Seconds in which a stack does what it is going to do: twice those after which it looks again."""


@contextlib.asynccontextmanager
async def _control(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    workspace = workspace_of(stack.facts)
    async with httpx.AsyncClient(
        base_url=f"{workspace.url}emulator/", headers=workspace.headers, timeout=PATIENCE
    ) as client:
        yield client


@contextlib.asynccontextmanager
async def fault(
    stack: Stack, rule: Mapping[str, Any]
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Let requests to the workspace fail inside the block; yields a look whether one has."""
    async with _control(stack) as client:
        added = await client.post("faults", json=rule)
        added.raise_for_status()
        number = added.json()["id"]

        async def has_hit() -> bool:
            rules = (await client.get("faults")).json()["value"]
            return any(one["id"] == number and one["hits"] for one in rules)

        try:
            yield has_hit
        finally:
            await client.delete(f"faults/{number}")


async def set_targets(stack: Stack, targets: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Change the queues of targets, by their ids; None is as before."""
    async with _control(stack) as client:
        changed = await client.patch("settings", json={"targets": targets})
        changed.raise_for_status()


@contextlib.asynccontextmanager
async def queues(stack: Stack, targets: Mapping[str, Mapping[str, Any]]) -> AsyncIterator[None]:
    """Let targets have other queues inside the block."""
    await set_targets(stack, targets)
    try:
        yield
    finally:
        await set_targets(stack, dict.fromkeys(targets))


async def advance(stack: Stack, by: str) -> None:
    """Advance the clock of the workspace."""
    async with _control(stack) as client:
        (await client.post("clock/advance", json={"by": by})).raise_for_status()


async def circuits(stack: Stack, job_id: str) -> list[dict[str, Any]]:
    """Return the provider's jobs of one job."""
    async with _control(stack) as client:
        jobs = (await client.get("jobs")).json()
    return [job for job in jobs if job["name"].endswith(job_id)]


async def until(what: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> bool:
    """Wait until something is so; return whether it is."""
    end = time.monotonic() + seconds
    while not (is_so := await what()) and time.monotonic() < end:  # noqa: ASYNC110 - it is elsewhere
        await asyncio.sleep(0.1)
    return is_so


async def happens(what: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so, without which the rest of a test would mean nothing.

    Raises:
        TimeoutError: it does not happen.

    """
    if not await until(what):
        raise TimeoutError


async def final(api: httpx.AsyncClient, job_id: str, seconds: float = PATIENCE) -> dict[str, Any]:
    """Return a job as soon as it is final, or as it is after so many seconds."""
    job: dict[str, Any] = {}

    async def ended() -> bool:
        # Requests are cut off while the functions are started again.
        with contextlib.suppress(httpx.TransportError, KeyError, ValueError):
            job.update((await api.get(f"jobs/{job_id}")).json())
        return job.get("status") in FINAL

    await until(ended, seconds)
    return job


async def none_is_left(stack: Stack, job_id: str) -> bool:
    """Wait until no circuit of a job waits or runs; return whether it is so."""

    async def over() -> bool:
        statuses = {job["status"] for job in await circuits(stack, job_id)}
        return statuses <= {"Succeeded", "Failed", "Cancelled"}

    return await until(over, LONG_ENOUGH)
