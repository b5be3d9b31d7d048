"""The smoke test of a deployment, on the local stack."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts

SCRIPT = Path(__file__).parents[2] / "infra" / "hooks" / "smoke-test.sh"


def smoke(folder: Path, token: str, url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the script where the Azure CLI prints *token* to who asks for the API's."""
    az = folder / "az"
    asked = '"account get-access-token "*"--scope api://trial/.default "*'
    az.write_text(f'#!/bin/sh\ncase "$*" in {asked}) echo {token} ;; *) exit 1 ;; esac\n')
    az.chmod(0o755)
    known = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "AZURE_SUBSCRIPTION_ID": "trial",
        "QJOBS_API_URL": url,
        "QJOBS_API_CLIENT_ID": "trial",
        "QJOBS_SMOKE_PAUSE": "1",
    }
    return subprocess.run(
        ["sh", str(SCRIPT)], env=known | settings, capture_output=True, text=True, check=False
    )


def token_of(stack: StackFacts) -> str:
    """Return a token of somebody who may submit."""
    return access_to(stack, caller="smoke").headers["authorization"].removeprefix("Bearer ")


def test_a_deployment_that_works_passes(stack: StackFacts, tmp_path: Path) -> None:
    """It runs a job to its end and shows the result, and nothing of the token."""
    token = token_of(stack)

    done = smoke(tmp_path, token, stack["gateway"]["url"].rstrip("/"))

    assert done.returncode == 0, done.stderr
    assert '"fidelity"' in done.stdout
    assert token not in done.stdout + done.stderr


def test_a_target_that_is_not_there_fails_with_the_reason(
    stack: StackFacts, tmp_path: Path
) -> None:
    """What the API says of the job is what the test says."""
    url = stack["gateway"]["url"].rstrip("/")

    done = smoke(tmp_path, token_of(stack), url, QJOBS_SMOKE_TARGET="nowhere.qpu")

    assert done.returncode == 1
    assert "the job was refused with status 422" in done.stderr
    assert "/target/id" in done.stderr


def test_what_never_answers_fails_in_time(tmp_path: Path) -> None:
    """A deployment that is not there is not waited for without end."""
    done = smoke(tmp_path, "unused", "http://127.0.0.1:9", QJOBS_SMOKE_SECONDS="0")

    assert done.returncode == 1
    assert "no job was accepted in 0 seconds" in done.stderr


@pytest.fixture
def answering() -> Iterator[tuple[str, list[int]]]:
    """Run a server that answers with the statuses of a list, and with the last for ever."""
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            body = b"ModuleNotFoundError"
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", statuses
    server.shutdown()
    server.server_close()
    thread.join()


def test_broken_code_is_not_waited_for(answering: tuple[str, list[int]], tmp_path: Path) -> None:
    """Five times 500 in a row end it, with what the code says; other statuses do not."""
    url, statuses = answering
    statuses += [500, 500, 403, 500, 503, 500, 500, 500, 500, 500]

    done = smoke(tmp_path, "unused", url, QJOBS_SMOKE_PAUSE="0")

    assert done.returncode == 1
    assert "status 500 five times in a row" in done.stderr
    assert "ModuleNotFoundError" in done.stderr
    assert done.stdout.count("trying again") == 9
