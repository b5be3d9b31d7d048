"""Whatever a caller sends, the answer is a 4xx problem that names what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import gateway_to
from localdev.stack.facts import StackFacts
from tests.e2e.callers import hanging_jobs

pytestmark = pytest.mark.one_stack

JSON = {"content-type": "application/json"}
SUBMIT = "algorithms/ghz/jobs"


def named(problem: dict[str, Any]) -> list[str]:
    """Return what a problem points at."""
    return [fault.get("pointer", fault.get("parameter")) for fault in problem.get("violations", [])]


@pytest.mark.parametrize(
    ("content", "headers", "status", "members"),
    [
        (b"not json", JSON, 400, [""]),
        (b"[1]", JSON, 400, [""]),
        (b"", JSON, 400, [""]),
        (b"{}", JSON, 422, [""]),
        (b"{}", {"content-type": "text/plain"}, 415, []),
        (b"{}", {}, 415, []),
        (b'{"input": {}, "shot": 1}', JSON, 422, ["/shot"]),
        (b'{"input": {"qubits": "five"}}', JSON, 422, ["/input/qubits"]),
        (b'{"input": {"qubits": 1000}}', JSON, 422, ["/input/qubits"]),
        (b'{"input": {"cubits": 5}}', JSON, 422, ["/input/cubits"]),
        (b'{"input": {}, "shots": 1000000000}', JSON, 422, ["/shots"]),
        (b'{"input": {}, "shots": 1.5, "seed": "x"}', JSON, 422, ["/shots", "/seed"]),
        (b'{"input": {}, "target": {"id": "no.such.target"}}', JSON, 422, ["/target/id"]),
        (b'{"input": {}, "deadline": "tomorrow"}', JSON, 422, ["/deadline"]),
        (b'{"input": {}, "name": "\\ud800"}', JSON, 400, ["/name"]),
        (b'{"input": {"\\ud800": 1}}', JSON, 400, ["/input/?"]),
        (b'{"input": {"qubits": 1e400}}', JSON, 400, ["/input/qubits"]),
        (b'{"input": {"qubits": NaN}}', JSON, 400, ["/input/qubits"]),
        (b'{"input": {"qubits": 3}, "input": {"qubits": 4}}', JSON, 400, ["/input"]),
        (b'{"input": ' + b"[" * 9000, JSON, 400, [""]),
        (b"\xef\xbb\xbf{}", JSON, 400, [""]),
        (b'{"input": {}, "options": {"noise": "ideal"}}', JSON, 422, ["/options/noise"]),
        (b'{"input": {}, "options": {"deep": [[[[1]]]]}}', JSON, 422, ["/options/deep"]),
        (b'{"input": null}', JSON, 422, [""]),
        (b'{"input": {}, "pad": "' + b"x" * 1_100_000 + b'"}', JSON, 413, []),
        (b"{}", {**JSON, "idempotency-key": "x" * 300}, 400, ["Idempotency-Key"]),
    ],
)
async def test_a_bad_submission_is_refused_with_the_member(
    api: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int, members: list[str]
) -> None:
    """A refused submission has the right status and names every faulty member."""
    answer = await api.post(SUBMIT, content=content, headers=headers)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert named(problem) == members


@pytest.mark.parametrize(
    ("method", "path", "status", "members"),
    [
        ("GET", "jobs/not-an-id", 400, ["id"]),
        ("GET", "jobs/not-an-id/result", 400, ["id"]),
        ("DELETE", "jobs/00000000-0000-0000-0000-000000000000", 404, []),
        ("GET", "jobs/f0000000-0000-8000-8000-000000000000", 404, []),
        ("GET", "jobs/%2e%2e%2fother", 400, ["id"]),
        ("GET", "jobs?top=0", 400, ["top"]),
        ("GET", "jobs?top=many", 400, ["top"]),
        ("GET", "jobs?status=Done", 400, ["status"]),
        ("GET", "jobs?continuationToken=%00", 400, ["continuationToken"]),
        ("GET", "jobs?continuationToken=AA", 400, ["continuationToken"]),
        ("GET", "jobs?status=", 400, ["status"]),
        ("GET", "jobs?state=Failed&limit=1", 400, ["state", "limit"]),
        ("GET", "jobs?top=1&top=2", 400, ["top"]),
        ("GET", "jobs?api-version=2026-01-01", 400, ["api-version"]),
        ("GET", "algorithms/nonesuch", 404, []),
        ("POST", "algorithms/nonesuch/jobs", 404, []),
        ("GET", "algorithms/..%2f..", 404, []),
    ],
)
async def test_a_bad_address_is_refused_with_the_parameter(
    api: httpx.AsyncClient, method: str, path: str, status: int, members: list[str]
) -> None:
    """A refused request has the right status and names the parameter."""
    body = b'{"input": {}}' if method == "POST" else None
    answer = await api.request(method, path, content=body, headers=JSON)

    assert answer.status_code == status, answer.text
    assert named(answer.json()) == members


async def test_a_chunked_body_is_a_body(api: httpx.AsyncClient) -> None:
    """A body that is sent in chunks is read through the gateway, which gives it a length."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"input": {"qu'
        yield b'bits": 3}}'

    answer = await api.post(SUBMIT, content=chunks(), headers=JSON)

    assert answer.status_code == 202, answer.text


ZIPPED = {**JSON, "content-encoding": "gzip", "content-length": "2"}


@pytest.mark.parametrize(
    ("sent", "status", "code", "told"),
    [
        (("POST", SUBMIT, JSON), 411, "length-required", "Content-Length"),
        (("POST", SUBMIT, ZIPPED), 415, "unsupported-content-encoding", "gzip"),
        (("GET", "targets?x=1", {}), 400, "invalid-parameter", "has none"),
    ],
)
async def test_the_functions_say_themselves_what_they_cannot_take(
    stack: StackFacts, sent: tuple[str, str, dict[str, str]], status: int, code: str, told: str
) -> None:
    """Without a gateway before them, a refusal has its code and the remedy too."""
    access, (method, path, headers) = gateway_to(stack), sent

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{}"

    async with httpx.AsyncClient(headers=access.headers, timeout=PATIENCE) as client:
        content = chunks() if method == "POST" else None
        url = f"{access.url}/{path}"
        answer = await client.request(method, url, content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert told in answer.text
    assert answer.headers.get("accept-encoding") == ("identity" if told == "gzip" else None)


async def test_what_typed_clients_send_is_accepted(api: httpx.AsyncClient) -> None:
    """Members that are null are absent, and whole numbers may have a point."""
    body = b"""{
        "input": {"qubits": 3.0, "method": null}, "target": {"mode": "Simulator", "id": null},
        "shots": 1e2, "seed": null, "name": null, "tags": null, "options": null, "deadline": null
    }"""

    answer = await api.post(SUBMIT, content=body, headers=JSON)

    assert answer.status_code == 202, answer.text
    assert answer.json()["shots"] == 100


async def test_twelve_invented_continuations_at_once_leave_the_api_open(
    api: httpx.AsyncClient,
) -> None:
    """Each is refused, and what comes after them is answered as ever."""
    tokens = ["AA", "AQ", "Hw", "YQBi", "77--", "x", "%00", "%FF", "a" * 3000, "..", "MQ", "AA=="]

    refused = await asyncio.gather(
        *(api.get(f"jobs?continuationToken={token}") for token in tokens)
    )

    assert [answer.status_code for answer in refused] == [400] * 12
    assert (await api.get("jobs")).status_code == 200


async def test_the_catalogue_describes_every_algorithm(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """Each listed algorithm has schemas, examples and the address to submit to."""
    listed = (await api.get("algorithms")).json()["value"]
    assert {entry["id"] for entry in listed} >= {"emoticons", "ghz", "random_numbers"}

    # What is accepted is not run here: some of it takes as long as all of this file.
    async with hanging_jobs(stack):
        for entry in listed:
            described = (await api.get(entry["links"]["self"])).json()
            assert described["inputSchema"]["type"] == "object"
            assert described["resultSchema"]["type"] == "object"
            for example in described["examples"]:
                answer = await api.post(described["links"]["jobs"], json=example)
                assert answer.status_code == 202, answer.text
                await api.delete(answer.headers["operation-location"])


async def test_the_targets_are_listed(api: httpx.AsyncClient) -> None:
    """A caller sees what jobs can run on."""
    targets = {target["id"]: target for target in (await api.get("targets")).json()["value"]}

    assert targets["local.sim.aer"]["mode"] == "Simulator"
    assert targets["ionq.simulator"]["available"] is True
