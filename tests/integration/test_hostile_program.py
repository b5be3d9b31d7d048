"""Hostile programs in the whole local stack: they are refused, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import access_to
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack
from tests.conftest import STACK_SETTINGS
from tests.hostile_programs import LIMITED, NAMED, NAMED_QIR, OVER

FEED_FORWARD = """OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
h q[0];
bit c = measure q[0];
if (c) { x q[1]; }
bit d = measure q[1];
"""
ENDLESS = ["loop, computed and empty", "billion laughs"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the API with the functions alone in front."""
    options = Options(
        tmp_path_factory.mktemp("stack"), profile=Profile.KEYS, settings=STACK_SETTINGS
    )
    with Stack(options) as running:
        yield running


def client(stack: Stack, caller: str) -> httpx.AsyncClient:
    """Return the client of a caller."""
    access = access_to(stack.facts, caller)
    return httpx.AsyncClient(base_url=access.url, headers=access.headers, timeout=PATIENCE)


async def outcome(api: httpx.AsyncClient, algorithm: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return a job at its end."""
    submitted = await api.post(f"algorithms/{algorithm}/jobs", json=body)
    assert submitted.status_code == 202, submitted.text
    while True:
        url = submitted.headers["operation-location"]
        job: dict[str, Any] = (await api.get(url, headers={"prefer": "wait=30"})).json()
        if job["finishedAt"]:
            return job


async def test_others_are_served_while_hostile_programs_are_compiled(stack: Stack) -> None:
    """Programs without an end are refused, no process dies, and another caller's job succeeds."""
    before = stack.pid("functions")
    sources = [
        *(("openqasm", LIMITED[name], OVER) for name in ENDLESS),
        ("openqasm", LIMITED["sum"], OVER),
        ("openqasm", *NAMED["include"]),
        ("qir", *NAMED_QIR["loop"]),
    ]
    async with client(stack, "mallory") as mallory, client(stack, "bob") as bob:
        hostile = [
            asyncio.create_task(outcome(mallory, algorithm, {"input": {"program": source}}))
            for algorithm, source, _ in sources
        ]
        served = await outcome(bob, "ghz", {"input": {}})
        refused = await asyncio.gather(*hostile)
    stack.check()

    assert served["status"] == "Succeeded"
    for job, (_, _, words) in zip(refused, sources, strict=True):
        assert (job["status"], job["error"]["code"]) == ("Failed", "input-rejected")
        assert re.search(words, job["error"]["message"], re.IGNORECASE)
        assert "passwd" not in job["error"]["message"]
    assert stack.pid("functions") == before


async def test_a_program_is_placed_where_its_profile_runs(stack: Stack) -> None:
    """One that depends on what it measures is refused at a target by name, with the profile."""
    body: dict[str, Any] = {"input": {"program": FEED_FORWARD}}
    async with client(stack, "alice") as alice:
        refused = await outcome(alice, "openqasm", body | {"target": {"id": "ionq.simulator"}})
        run = await outcome(alice, "openqasm", body | {"target": {"id": "quantinuum.sim.h2-1e"}})
        estimate = (await alice.post("algorithms/openqasm/estimate", json=body)).json()

    assert refused["error"]["code"] == "no-suitable-target", refused
    assert "ionq.simulator runs QIR of the profile Base" in refused["error"]["message"]
    assert "needs Adaptive_RI" in refused["error"]["message"]
    assert run["status"] == "Succeeded"
    fitting = {one["target"]["id"] for one in estimate["targets"] if one["fits"]}
    assert "quantinuum.sim.h2-1e" in fitting
    assert "ionq.simulator" not in fitting
