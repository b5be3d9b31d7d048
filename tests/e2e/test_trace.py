"""One trace for each job, and the metrics, on the running stack."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from emulator_support.patience import async_tries
from localdev.commands.span_tree import Span, read_trees, trees_of
from localdev.stack.facts import StackFacts
from localdev.stack.stack import Stack
from tests.e2e.callers import hanging_jobs, token_of

GHZ = {"input": {"qubits": 4}, "shots": 100}
WAIT = {"prefer": "wait=30"}
STEPS = [
    "submit_job",
    "send qjobs-dispatch",
    "dispatch",
    "algorithm start",
    "provider submit",
    "provider status",
    "provider counts",
    "algorithm resume",
    "end",
]


def folder(facts: StackFacts) -> Path:
    """Return the folder of spans and metrics."""
    return Path(facts["functions"]["telemetry"])


def trees(facts: StackFacts, job_id: str) -> list[Span]:
    """Return what was done for a job."""
    return trees_of(job_id, read_trees(folder(facts) / "spans.jsonl"))


async def until[T](look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    """Return what is seen as soon as it is enough, or at the end of patience."""
    async for _ in async_tries(0.1):
        if enough(seen := look()):
            break
    return seen


def trace_parent() -> tuple[str, str]:
    """Return a trace context of a caller, and the id of its trace."""
    trace = uuid.uuid4().hex
    return f"00-{trace}-{uuid.uuid4().hex[:16]}-01", trace


async def test_a_job_is_one_trace(api: httpx.AsyncClient, stack: StackFacts) -> None:
    """From the request by queue and provider to the end, without a gap, in the caller's trace."""
    context, trace = trace_parent()
    answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers={"traceparent": context})
    job_id = answer.json()["id"]
    await api.get(f"jobs/{job_id}", headers=WAIT)
    found = await until(
        lambda: trees(stack, job_id),
        lambda seen: all(span.ended for tree in seen for span in tree.all()),
    )

    (root,) = found
    spans = list(root.all())
    assert {span.trace_id for span in spans} == {trace}
    assert root.name == "submit_job"
    assert all(span.ended and not span.failed for span in spans)
    names = Counter(span.name for span in spans)
    assert set(STEPS) <= names.keys()
    assert [names[one] for one in ("submit_job", "provider submit", "end")] == [1, 1, 1]
    # What is done in place and what a queue's function does hang on the request.
    assert {span.name for span in root.below} <= {
        "dispatch",
        "track",
        "provider targets",
        "send qjobs-dispatch",
        "reconcile",
    }


@pytest.mark.parametrize("text", ["nonsense", f"00-{'0' * 32}-{'b' * 16}-01"])
async def test_a_malformed_trace_context_begins_another_trace(
    api: httpx.AsyncClient, stack: StackFacts, text: str
) -> None:
    """The job has a trace all the same."""
    answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers={**WAIT, "traceparent": text})
    (root,) = trees(stack, answer.json()["id"])

    assert len(root.trace_id) == 32
    assert int(root.trace_id, 16)
    assert root.trace_id not in text


async def test_a_cancellation_is_in_the_trace_of_the_job(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """Another request, with a trace of its own, is where the job's story is."""
    context, trace = trace_parent()
    async with hanging_jobs(stack):
        answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers={"traceparent": context})
        job_id = answer.json()["id"]
        await api.delete(f"jobs/{job_id}")
        await api.get(f"jobs/{job_id}", headers=WAIT)

    (root,) = trees(stack, job_id)
    (cancel,) = [span for span in root.all() if span.name == "cancel_job"]
    assert cancel.trace_id == trace
    assert "provider cancel" in {span.name for span in root.all()}


@pytest.mark.one_stack
async def test_a_killed_host_leaves_no_gap(api: httpx.AsyncClient, running_stack: Stack) -> None:
    """What was under way is there unfinished; what goes on elsewhere is in the same trace."""
    contexts = [trace_parent() for _ in range(6)]
    answers = await asyncio.gather(
        *(
            api.post("algorithms/ghz/jobs", json=GHZ, headers={"traceparent": context})
            for context, _ in contexts
        )
    )
    running_stack.kill("functions")
    running_stack.start("functions")

    unfinished = 0
    for answer, (_, trace) in zip(answers, contexts, strict=True):
        job_id = answer.json()["id"]
        job = (await api.get(f"jobs/{job_id}", headers=WAIT)).json()
        assert job["status"] == "Succeeded", job
        (root,) = trees(running_stack.facts, job_id)
        assert (root.name, root.trace_id) == ("submit_job", trace)
        spans = list(root.all())
        unfinished += sum(span.ended is None for span in spans)
        assert "end" in {span.name for span in spans}
    assert unfinished


async def test_no_secret_is_in_the_files(api: httpx.AsyncClient, stack: StackFacts) -> None:
    """Neither keys, tokens and signed URLs, nor who called and what they wrote."""
    mine = f"private-{uuid.uuid4().hex}"
    body = {**GHZ, "name": mine, "tags": [mine], "seed": 987654321}
    headers = {**WAIT, "idempotency-key": mine, "tracestate": f"a={mine}"}
    answer = await api.post("algorithms/ghz/jobs", json=body, headers=headers)
    job_id = answer.json()["id"]
    await api.get(f"jobs/{job_id}/result")

    text = "".join(
        file.read_text(encoding="ascii") for file in folder(stack).iterdir() if file.is_file()
    )
    assert job_id in text
    claims = token_of(api)
    workspace = stack["workspace"]
    secrets = [mine, "987654321", claims, workspace.get("apiKey"), *stack["storage"].values()]
    connection = stack["storage"].get("connectionString", "")
    secrets += [part.partition("=")[2] for part in connection.split(";") if "Key=" in part]
    for secret in filter(None, secrets):
        assert str(secret) not in text
    for form in ("sig=", "://", "Bearer", "AccountKey", "histogram", "traceState"):
        assert form.lower() not in text.lower()


def total(facts: StackFacts, name: str, member: str, **attributes: str) -> float:
    """Return the sum of what was exported of a metric."""
    file = folder(facts) / "metrics.jsonl"
    lines: list[dict[str, Any]] = (
        [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
        if file.exists()
        else []
    )
    return sum(
        float(line[member])
        for line in lines
        if line["name"] == name
        and {key.replace(".", "_"): value for key, value in line["attributes"].items()}.items()
        >= attributes.items()
    )


@pytest.mark.one_stack
async def test_metrics_count_jobs(api: httpx.AsyncClient, running_stack: Stack) -> None:
    """As many as there were; a host that is stopped in order exports the last ones."""

    def counted() -> tuple[float, float]:
        facts, succeeded = running_stack.facts, {"qjobs_job_status": "Succeeded"}
        target = {"qjobs_target_id": "local.sim.aer"}
        return (
            total(facts, "qjobs.jobs.ended", "value", **succeeded),
            total(facts, "qjobs.job.placement.duration", "count", **target),
        )

    running_stack.restart("functions")
    ended, placed = counted()
    for _ in range(3):
        await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)
    running_stack.restart("functions")

    assert counted() == (ended + 3, placed + 3)


async def test_metrics_know_what_has_not_ended(api: httpx.AsyncClient, stack: StackFacts) -> None:
    """By state, and how long the oldest has been waiting."""

    def measured() -> float:
        return total(stack, "qjobs.jobs", "value")

    def oldest() -> float:
        return total(stack, "qjobs.jobs.oldest.age", "value")

    before, age = measured(), oldest()
    async with hanging_jobs(stack):
        answer = await api.post("algorithms/ghz/jobs", json=GHZ)
        assert await until(measured, lambda seen: seen > before) > before
        assert await until(oldest, lambda seen: seen > age) > age
    await api.delete(f"jobs/{answer.json()['id']}")
