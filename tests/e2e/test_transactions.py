"""What requests and jobs cost in storage transactions, which Azure bills."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from localdev.stack.stack import Stack
from qjobs.domain import times
from qjobs.domain.heartbeat import INTERVAL, RECONCILE
from tools.bench.transactions import Transactions

pytestmark = pytest.mark.one_stack

GHZ = {"input": {"qubits": 5}, "shots": 1000}
WAIT = {"prefer": "wait=30"}
_IDLE = {"queue.receive", "blob.find", "blob.walk"}
"""What listeners and the reconcile timer do all the time, jobs or not."""
_TIMER = {"blob.find", "blob.walk"}
_RECEIVED = timedelta(seconds=10)
"""How long after the timer sent heartbeats the functions have received them, and more."""
_UNDISTURBED = timedelta(seconds=90)
"""More than a test takes, and than the timer may send heartbeats early."""


@pytest.fixture
async def transactions(running_stack: Stack, api: httpx.AsyncClient) -> Transactions:
    """Return the counter of the stack's storage, at a time without heartbeats."""
    while True:
        functions = (await api.get("health/functions")).json()["functions"]
        sent = [
            times.from_text(one["lastRun"]) for one in functions if one["function"] == RECONCILE
        ]
        if sent and _RECEIVED < datetime.now(UTC) - sent[0] < INTERVAL - _UNDISTURBED:
            return Transactions(running_stack.log("storage"))
        await asyncio.sleep(1)


async def settled(transactions: Transactions) -> Counter[str]:
    """Return the transactions so far, once what was asked for is done and logged."""
    before = transactions.snapshot()
    while True:
        await asyncio.sleep(0.3)
        now = transactions.snapshot()
        if not set(now - before) - _IDLE:
            return now
        before = now


async def test_a_list_costs_one_listing_however_many_jobs_there_are(
    api: httpx.AsyncClient, transactions: Transactions
) -> None:
    """A page of jobs is one transaction: no record is opened."""
    jobs = [await api.post("algorithms/ghz/jobs", json=GHZ) for _ in range(12)]
    for job in jobs:
        await api.get(job.headers["location"], headers=WAIT)
    before = await settled(transactions)

    page = (await api.get("jobs", params={"top": 5})).json()

    assert len(page["value"]) == 5
    spent = await settled(transactions) - before
    assert {kind: spent[kind] for kind in spent if kind not in _IDLE} == {"blob.list": 1}


async def test_a_status_costs_one_look_at_the_record(
    api: httpx.AsyncClient, transactions: Transactions
) -> None:
    """Polling a job reads neither its input nor its result."""
    job = await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)
    before = await settled(transactions)

    await api.get(f"jobs/{job.json()['id']}")

    spent = await settled(transactions) - before
    assert {kind: spent[kind] for kind in spent if kind not in _IDLE} == {"blob.head": 1}


async def test_a_job_costs_at_most_sixteen_transactions(
    api: httpx.AsyncClient, transactions: Transactions
) -> None:
    """From submit through the queue to the result, the workspace's own storage included.

    How often a long poll looks at the record depends on when the listener takes the message, up to
    two seconds after it was sent; one look is counted.
    """
    await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)  # makes what is made once
    before = await settled(transactions)

    job = await api.post("algorithms/ghz/jobs", json=GHZ)
    result = await api.get(job.headers["location"], headers=WAIT)
    assert result.status_code == 200

    spent = await settled(transactions) - before
    # One receive is the job's; the others find nothing.
    spent["queue.receive"] = spent["blob.head"] = 1
    assert sum(count for kind, count in spent.items() if kind not in _TIMER) <= 16, spent
