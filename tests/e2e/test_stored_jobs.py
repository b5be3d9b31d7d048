"""The jobs that the benchmark stores are like those that were run."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from localdev.stack.facts import StackFacts
from tools.bench.stored_jobs import StoredBlob, blobs_of, store_copies

GHZ = {"input": {"qubits": 5}, "shots": 1000}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

pytestmark = pytest.mark.one_stack


async def run(api: httpx.AsyncClient) -> str:
    """Run a job; return its id."""
    accepted = await api.post("algorithms/ghz/jobs", json=GHZ)
    await api.get(accepted.headers["location"], headers={"prefer": "wait=30"})
    return str(accepted.json()["id"])


def layout(stack: StackFacts, job_id: str) -> list[StoredBlob]:
    """Return the blobs of a job without its ids."""
    found = blobs_of(stack["storage"]["connectionString"], job_id)
    blobs = [
        replace(
            blob,
            container=ID.sub("*", blob.container),
            name=ID.sub("*", blob.name),
            content=ID.sub("*", blob.content.decode()).encode(),
            metadata={name: ID.sub("*", value) for name, value in blob.metadata.items()},
        )
        for blob in found
    ]
    return sorted(blobs, key=lambda blob: (blob.container, blob.name))


async def test_a_stored_job_has_the_layout_of_one_that_was_run(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """In both accounts: containers, names, types, metadata, tags and contents but for the ids."""
    finished = await run(api)
    (stored,) = await store_copies(stack["storage"]["connectionString"], finished, 1)
    expected, found = layout(stack, finished), layout(stack, stored)
    names = [(blob.container.partition("-*")[0], blob.name.rpartition("/")[2]) for blob in expected]
    assert names == [
        ("job", "inputData"),
        ("job", "outputData"),
        ("job-documents", "step-0.json"),
        ("jobs", "*"),
    ]
    assert found == expected
    copies = blobs_of(stack["storage"]["connectionString"], stored)
    assert not [blob for blob in copies if finished in repr(blob)]


async def test_a_stored_job_is_one_of_the_caller(api: httpx.AsyncClient, stack: StackFacts) -> None:
    """It is listed, and its result is that of the job it is a copy of."""
    finished = await run(api)
    stored = set(await store_copies(stack["storage"]["connectionString"], finished, 3))
    listed = {job["id"]: job for job in (await api.get("jobs")).json()["value"]}
    assert set(listed) == stored | {finished}
    assert {job["status"] for job in listed.values()} == {"Succeeded"}
    expected = (await api.get(f"jobs/{finished}/result")).json()
    for job_id in stored:
        result = (await api.get(f"jobs/{job_id}/result")).json()
        assert result["result"] == expected["result"]
