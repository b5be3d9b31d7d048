from __future__ import annotations

import httpx
import pytest

from localdev.stack.stack import Stack

pytestmark = pytest.mark.one_stack


async def test_a_job_outlives_an_outage_of_the_workspace(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """A job that is accepted while the workspace is down runs once it is back."""
    running_stack.kill("workspace")
    try:
        answer = await api.post("algorithms/ghz/jobs", json={"input": {}})
        assert answer.status_code == 202, answer.text
        waiting = await api.get(answer.headers["location"], headers={"prefer": "wait=2"})
        assert waiting.json()["status"] == "Queued"
    finally:
        running_stack.start("workspace")

    for _ in range(3):
        job = await api.get(answer.headers["operation-location"], headers={"prefer": "wait=30"})
        if job.json()["status"] != "Queued":
            break
    assert job.json()["status"] == "Succeeded", job.text


async def test_a_waiting_submission_survives_an_outage_of_the_workspace(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """A caller that waits gets its 202 although the workspace is down."""
    running_stack.kill("workspace")
    try:
        answer = await api.post(
            "algorithms/ghz/jobs", json={"input": {}}, headers={"prefer": "wait=1"}
        )
        assert (answer.status_code, answer.json()["status"]) == (202, "Queued")
    finally:
        running_stack.start("workspace")
