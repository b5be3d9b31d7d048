"""Estimates on the running stack, held against what the jobs then report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from qjobs.adapters.file_catalogue import FileCatalogue

WAIT = {"prefer": "wait=30"}
SHOTS = 100
"""Of a job, or the fewest that its algorithm takes."""
TARGETS = ("local.sim.aer", "quantinuum.sim.h2-1e", "ionq.qpu.aria-1")
CATALOGUE = FileCatalogue(Path(__file__).parents[2] / "algorithms")
IDS = [entry["id"] for entry in CATALOGUE.all()]

type Json = dict[str, Any]


async def estimated(api: httpx.AsyncClient, algorithm: str, body: Json) -> Json:
    """Return the estimate of a job."""
    answer = await api.post(f"algorithms/{algorithm}/estimate", json=body)
    assert answer.status_code == 200, answer.text
    document: Json = answer.json()
    return document


async def outcome(api: httpx.AsyncClient, algorithm: str, body: Json) -> Json:
    """Return a job that has succeeded, with its result."""
    answer = await api.post(f"algorithms/{algorithm}/jobs", json=body, headers=WAIT)
    while answer.status_code == 202:
        answer = await api.get(answer.headers["location"], headers=WAIT)
    assert answer.status_code == 200, answer.text
    document: Json = answer.json()
    return document


@pytest.mark.one_stack
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("algorithm", IDS)
async def test_a_job_takes_what_its_estimate_says(
    api: httpx.AsyncClient, algorithm: str, target: str
) -> None:
    """Circuits, gates, shots and cost of the first example: as estimated, or up to what it said.

    What an algorithm refuses at a target, it refuses by the same problem.
    """
    described = CATALOGUE.describe(algorithm)
    shots = max(SHOTS, described["shots"]["minimum"])
    body = {"input": described["examples"][0]["input"], "shots": shots, "target": {"id": target}}
    answer = await api.post(f"algorithms/{algorithm}/estimate", json=body)
    if answer.status_code == 422:
        refused = await api.post(f"algorithms/{algorithm}/jobs", json=body, headers=WAIT)
        assert refused.json()["violations"] == answer.json()["violations"]
        return
    assert answer.status_code == 200, answer.text
    estimate = answer.json()
    job = await outcome(api, algorithm, body)

    provenance, steps = job["provenance"], estimate["steps"]
    circuits, totals = provenance["circuits"], provenance["totals"]
    assert provenance["steps"] <= steps["atMost"]
    assert totals["circuits"] <= estimate["circuits"]["atMost"]
    assert totals["shots"] <= estimate["totalShots"]["atMost"]
    if provenance["steps"] == 1:
        resources = estimate["resources"]
        assert totals["circuits"] * steps["planned"] == estimate["circuits"]["planned"]
        assert totals["shots"] * steps["planned"] == estimate["totalShots"]["planned"]
        assert max(one["qubits"] for one in circuits) == resources["qubits"]
        assert max(one["depth"] for one in circuits) == resources["depth"]
        gates: Counter[str] = Counter()
        for one in circuits:
            gates.update(one["gates"])
        assert dict(gates) == resources["gates"]
    [at] = [one for one in estimate["targets"] if one["target"]["id"] == target]
    assert at["fits"]
    assert estimate["target"]["id"] == target
    billed = (provenance["cost"] or {"amount": 0.0})["amount"]
    if at["cost"]["exact"]:
        assert billed == pytest.approx(at["cost"]["planned"], abs=1e-3)
    assert billed <= at["cost"]["atMost"] + 1e-3


async def test_a_refused_input_is_refused_as_its_job_would_be(api: httpx.AsyncClient) -> None:
    """By the same problem, but for the address and the id of the job."""
    body = {"input": {"minimum": 6, "maximum": 1}}
    estimate = await api.post("algorithms/random_numbers/estimate", json=body)
    job = await api.post("algorithms/random_numbers/jobs", json=body, headers=WAIT)

    same = ("type", "status", "detail", "code", "violations")
    assert (estimate.status_code, job.status_code) == (422, 422)
    assert {name: estimate.json()[name] for name in same} == {
        name: job.json()[name] for name in same
    }


async def test_nothing_of_an_estimate_is_submitted(api: httpx.AsyncClient) -> None:
    """It makes no job."""
    await estimated(api, "ghz", {"input": {"qubits": 2}})

    assert (await api.get("jobs")).json()["value"] == []


async def test_noise_is_estimated_where_it_would_be_simulated(api: httpx.AsyncClient) -> None:
    """On a laptop the emulator of a device stands for it; the job says the same."""
    body = {"input": {"qubits": 2}, "shots": SHOTS, "target": {"mode": "NoisySimulator"}}
    estimate = await estimated(api, "ghz", body)
    job = await outcome(api, "ghz", body)

    assert estimate["target"]["device"] is not None
    for member in ("id", "device", "mode", "reason"):
        assert job["target"][member] == estimate["target"][member]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{", {"content-type": "application/json"}, 400),
        (b"{}", {"content-type": "application/json"}, 422),
        (
            b'{"input": {}, "x": "' + b"x" * 1_048_576 + b'"}',
            {"content-type": "application/json"},
            413,
        ),
    ],
)
async def test_a_body_is_refused_as_that_of_a_submission(
    api: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    """With the same status, by gateway or functions."""
    for operation in ("estimate", "jobs"):
        answer = await api.post(f"algorithms/ghz/{operation}", content=body, headers=headers)

        assert answer.status_code == status, operation


async def test_a_body_in_chunks_is_read(api: httpx.AsyncClient) -> None:
    """Clients of .NET send JSON without a length."""

    async def chunks() -> Any:  # noqa: ANN401 - an asynchronous iterator
        yield b'{"input": '
        yield b'{"qubits": 2}}'

    headers = {"content-type": "application/json"}
    answer = await api.post("algorithms/ghz/estimate", content=chunks(), headers=headers)

    assert answer.status_code == 200, answer.text
