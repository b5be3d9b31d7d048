from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import FINAL, fault, final, happens

DEADLINE = 6
LATEST = 3.5
"""Seconds after it. Reconciliation finds the job 10 seconds after its submission, or later."""
pytestmark = pytest.mark.one_stack


async def test_a_deadline_ends_a_job_while_the_provider_asks_for_patience(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """It does not wait for the end of Retry-After, nor for reconciliation."""
    refused = {"operation": "jobs.create", "status": 429, "retryAfter": 40}
    body = {"input": {"qubits": 3}, "deadline": f"PT{DEADLINE}S"}
    async with fault(running_stack, refused) as has_hit:
        # On a slow machine the deadline may pass before anything is placed.
        while not await has_hit():
            submitted = await api.post("algorithms/ghz/jobs", json=body)
            job_id = submitted.json()["id"]

            async def is_refused_or_over(job_id: str = job_id) -> bool:
                shown = (await api.get(f"jobs/{job_id}")).json()
                return await has_hit() or shown["status"] in FINAL

            await happens(is_refused_or_over)
        job = await final(api, job_id)

    assert job["status"] == "Canceled"
    assert job["error"]["code"] == "deadline-exceeded"
    created, ended = (datetime.fromisoformat(job[name]) for name in ("createdAt", "finishedAt"))
    late = (ended - created).total_seconds() - DEADLINE
    assert 0 <= late < LATEST
