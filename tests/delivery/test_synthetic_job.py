from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".github" / "synthetic_job.py"
KEY = "00000000-0000-0000-0000-00000000000b"


@dataclass
class Ingestion:
    """A server in the place of the ingestion service, which notes what it is sent."""

    url: str = ""
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """What it answers first; after that it accepts everything."""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def item(self) -> dict[str, Any]:
        """The one item of the last request."""
        (found,) = self.requests[-1][2]
        item: dict[str, Any] = found
        return item


@pytest.fixture
def ingestion() -> Iterator[Ingestion]:
    """Return a server on loopback."""
    state = Ingestion()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append((self.path, dict(self.headers), body))
            accepted = (200, {"itemsReceived": 1, "itemsAccepted": 1, "errors": []})
            status, answer = state.answers.pop(0) if state.answers else accepted
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def run(
    ingestion: Ingestion, folder: Path, command: str, az: str = "echo secret"
) -> subprocess.CompletedProcess[str]:
    """Run the script around a command of the shell, as the workflow does."""
    tool = folder / "az"
    tool.write_text(f'#!/bin/sh\necho "$*" >"{folder}/asked"\n{az}\n')
    tool.chmod(0o755)
    address = f"InstrumentationKey={KEY};IngestionEndpoint={ingestion.url}/;LiveEndpoint=x"
    return subprocess.run(
        [sys.executable, str(SCRIPT), "sh", "-c", command],
        env={
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "QJOBS_INSIGHTS_CONNECTION_STRING": address,
            "RUNNER_NAME": "a runner",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_job_that_succeeded_is_written_as_available(ingestion: Ingestion, tmp_path: Path) -> None:
    """One item of the wire format arrives under the token of who is signed in."""
    done = run(ingestion, tmp_path, "echo one; echo smoke-test: done")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "one\nsmoke-test: done\n"
    ((path, headers, _),) = ingestion.requests
    assert path == "/v2.1/track"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Content-Type"] == "application/json"
    item = ingestion.item
    assert item["name"] == "Microsoft.ApplicationInsights.Availability"
    assert item["iKey"] == KEY
    assert item["time"].endswith("Z")
    data = item["data"]["baseData"]
    assert item["data"]["baseType"] == "AvailabilityData"
    assert data["success"] is True
    assert (data["name"], data["runLocation"]) == ("synthetic-job", "a runner")
    assert data["message"] == "smoke-test: done"
    assert data["duration"].startswith("00.00:")
    assert item["tags"]["ai.operation.id"] == data["id"]
    asked = (tmp_path / "asked").read_text()
    assert "account get-access-token --scope https://monitor.azure.com/.default" in asked


def test_a_job_that_failed_is_written_and_fails_the_run(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    """With the last thing that the command said, wherever it said it."""
    done = run(ingestion, tmp_path, "echo first; echo it is broken >&2; exit 7")

    assert done.returncode == 7
    data = ingestion.item["data"]["baseData"]
    assert (data["success"], data["message"]) == (False, "it is broken")


def test_a_service_that_is_away_for_a_moment_is_asked_again(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    """Only then is the result written."""
    ingestion.answers = [(503, {})]

    done = run(ingestion, tmp_path, "true")

    assert done.returncode == 0, done.stderr
    assert len(ingestion.requests) == 2


def test_a_result_that_is_refused_fails_the_run(ingestion: Ingestion, tmp_path: Path) -> None:
    """A service that takes nothing would else go unnoticed until the alert."""
    refused = {"itemsReceived": 1, "itemsAccepted": 0, "errors": [{"message": "no role"}]}
    ingestion.answers = [(200, refused), (401, {}), (206, refused)]

    done = run(ingestion, tmp_path, "true")

    assert done.returncode == 1
    assert "no role" in done.stderr


def test_nothing_is_submitted_where_nobody_is_signed_in(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    """A job whose result cannot be written tells nobody anything."""
    done = run(ingestion, tmp_path, f"touch {tmp_path}/submitted", az="exit 1")

    assert done.returncode != 0
    assert ingestion.requests == []
    assert not (tmp_path / "submitted").exists()


def test_the_token_is_not_told(ingestion: Ingestion, tmp_path: Path) -> None:
    """Neither in the log of the run nor in the result."""
    ingestion.answers = [(401, {})] * 3

    done = run(ingestion, tmp_path, "env")

    assert "secret" not in done.stdout + done.stderr
    assert "secret" not in json.dumps(ingestion.item)
