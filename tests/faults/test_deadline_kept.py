from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import fault, final

DEADLINE = 2
LATEST = 5
"""Seconds after it, on the slowest machine; reconciliation alone would find the job after 10."""
pytestmark = pytest.mark.one_stack


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="Retry-After is slept through, whatever the deadline"
)
async def test_a_deadline_ends_a_job_while_the_provider_asks_for_patience(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """It does not wait for the end of Retry-After, nor for reconciliation."""
    refused = {"operation": "jobs.create", "status": 429, "retryAfter": 40}
    async with fault(running_stack, refused):
        submitted = await api.post(
            "algorithms/ghz/jobs",
            json={"input": {"qubits": 3}, "deadline": f"PT{DEADLINE}S"},
        )
        job = await final(api, submitted.json()["id"])

    assert job["status"] == "Canceled"
    assert job["error"]["code"] == "deadline-exceeded"
    created, ended = (datetime.fromisoformat(job[name]) for name in ("createdAt", "finishedAt"))
    late = (ended - created).total_seconds() - DEADLINE
    assert 0 <= late < LATEST
