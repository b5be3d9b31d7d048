"""A deployment whose channel is not there, or not well: callers wait and poll as ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import access_to
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack

GHZ = {"input": {"qubits": 2}, "shots": 100}
WAIT = {"Prefer": "wait=30"}


@contextmanager
def direct(directory: Path, **settings: str) -> Iterator[tuple[Stack, httpx.Client]]:
    """Run a stack; yields it with a client of its functions."""
    options = Options(directory, profile=Profile.DIRECT, settings=settings)
    with Stack(options) as stack:
        access = access_to(stack.facts)
        with httpx.Client(
            base_url=access.url, headers=access.headers, trust_env=False, timeout=PATIENCE
        ) as client:
            yield stack, client


def test_without_a_channel_callers_wait(tmp_path: Path) -> None:
    """The address is refused with what to do instead, and that is all that is different."""
    with direct(tmp_path, QJOBS_CHANNEL_CONNECTION_STRING="") as (_, client):
        refused = client.get("/channel")
        ended = client.post("/algorithms/ghz/jobs", json=GHZ, headers=WAIT)

    assert (refused.status_code, refused.json()["code"]) == (503, "channel-unavailable")
    assert "Prefer: wait" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 60
    assert (ended.status_code, ended.json()["status"]) == (200, "Succeeded")


def test_a_channel_that_dies_keeps_no_job(tmp_path: Path) -> None:
    """A caller that listens gets its result, although nobody can be told of it."""
    with direct(tmp_path) as (stack, client):
        assert client.get("/channel").status_code == 200
        stack.kill("channel")
        ended = client.post("/algorithms/ghz/jobs", json=GHZ, headers=WAIT)
        job = ended.json()

        assert (ended.status_code, job["status"]) == (200, "Succeeded")
        assert client.get(f"/jobs/{job['id']}/result").json()["counts"] == job["counts"]
