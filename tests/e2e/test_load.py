"""The load test of tests/load: it does what it says, and fails when the service does not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts

ROOT = Path(__file__).parents[2]
LOCUST = ROOT / ".load" / "bin" / "locust"
JOBS = 6
pytestmark = [
    pytest.mark.skipif(not LOCUST.exists(), reason="Locust is not installed: make setup"),
    pytest.mark.one_stack,
]


def run(url: str, token: str, **settings: str) -> tuple[int, dict[str, tuple[int, int]], str]:
    """Run the load test; return its exit code, requests and failures by name, and what it said."""
    done = subprocess.run(
        [
            LOCUST,
            "--config",
            "tests/load/locust.conf",
            "--users",
            "3",
            "--spawn-rate",
            "3",
            "--json",
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "QJOBS_URL": url,
            "QJOBS_TOKEN": token,
            "QJOBS_LOAD_JOBS": str(JOBS),
            **settings,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = json.loads(done.stdout or "[]")
    counts = {row["name"]: (row["num_requests"], row["num_failures"]) for row in rows}
    return done.returncode, counts, done.stderr


def test_every_job_that_is_submitted_has_its_result_read(stack: StackFacts) -> None:
    """As many jobs as asked for, then it ends; nothing fails."""
    access = access_to(stack, "load")
    token = access.headers["authorization"].removeprefix("Bearer ")

    code, counts, said = run(access.url, token)

    assert code == 0, said
    assert counts["submit"] == (JOBS, 0)
    assert counts["submitted to result read"] == (JOBS, 0)
    # Every other submission waits for its job, and may be answered with the result.
    assert counts["result"][0] >= JOBS // 2
    assert counts["result"][1] == 0


def test_a_service_that_refuses_everything_fails_the_run(stack: StackFacts) -> None:
    """Every job counts as failed, and so does the run."""
    code, counts, _ = run(access_to(stack).url, "no token")

    assert code == 1
    assert counts["submitted to result read"] == (JOBS, JOBS)
    assert "result" not in counts


def test_a_job_that_takes_too_long_fails_the_run(stack: StackFacts) -> None:
    """A job that is not done in time fails, though no request of it was an error."""
    access = access_to(stack, "limited")
    token = access.headers["authorization"].removeprefix("Bearer ")

    code, counts, _ = run(access.url, token, QJOBS_LOAD_JOB_SECONDS="0")

    assert code == 1
    failed = counts["submitted to result read"]
    assert failed[0] == JOBS
    assert failed[1] > 0
    assert counts["submit"][1] == 0
