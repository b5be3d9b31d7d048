"""What requests and jobs cost in storage transactions, which Azure bills."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from localdev.stack.stack import Stack
from tools.bench.transactions import Transactions

GHZ = {"input": {"qubits": 5}, "shots": 1000}
WAIT = {"prefer": "wait=30"}
_IDLE = {"queue.receive", "blob.find"}
"""What listeners and the reconcile timer do all the time, jobs or not."""


@pytest.fixture
def transactions(running_stack: Stack) -> Transactions:
    """Return the counter of the stack's storage."""
    return Transactions(running_stack.log("storage"))


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

    assert len(page["jobs"]) == 5
    spent = await settled(transactions) - before
    assert {kind: spent[kind] for kind in spent if kind not in _IDLE} == {"blob.list": 1}


async def test_a_status_costs_one_look_at_the_record(
    api: httpx.AsyncClient, transactions: Transactions
) -> None:
    """Polling a job reads neither its input nor its result."""
    job = await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)
    before = await settled(transactions)

    await api.get(f"jobs/{job.json()['id']}?redirect=false")

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
    result = await api.get(job.headers["location"], headers=WAIT, follow_redirects=True)
    assert result.status_code == 200

    spent = await settled(transactions) - before
    # One receive is the job's; the others find nothing.
    spent["queue.receive"] = spent["blob.head"] = 1
    assert sum(count for kind, count in spent.items() if kind != "blob.find") <= 16, spent
