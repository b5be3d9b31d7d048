"""What the workspace of a running stack knows, and how long its jobs wait there."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import httpx

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import workspace_of
from localdev.stack.stack import Stack


async def provider_jobs(stack: Stack) -> Counter[str]:
    """Return how many jobs the workspace has had under each name."""
    workspace = workspace_of(stack.facts)
    async with httpx.AsyncClient(headers=workspace.headers, timeout=PATIENCE) as client:
        seen = await client.get(f"{workspace.url}emulator/jobs")
    return Counter(job["name"] for job in seen.json())


@contextlib.asynccontextmanager
async def queue_delay(stack: Stack, seconds: int) -> AsyncIterator[None]:
    """Let every job wait in the workspace for so long, in an `async with` block."""
    workspace = workspace_of(stack.facts)
    url = f"{workspace.url}emulator/settings"
    async with httpx.AsyncClient(headers=workspace.headers, timeout=PATIENCE) as client:
        changed = await client.patch(url, json={"queueDelay": f"{seconds}s"})
        changed.raise_for_status()
        yield
        await client.patch(url, json={"queueDelay": None})
