"""The smoke test of a deployment, on the local stack."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from localdev.access import access_to
from localdev.part import Facts

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


def token_of(stack: dict[str, Facts]) -> str:
    """Return a token of somebody who may submit."""
    return access_to(stack, caller="smoke").headers["authorization"].removeprefix("Bearer ")


def test_a_deployment_that_works_passes(stack: dict[str, Facts], tmp_path: Path) -> None:
    """It runs a job to its end and shows the result, and nothing of the token."""
    token = token_of(stack)

    done = smoke(tmp_path, token, stack["gateway"]["url"].rstrip("/"))

    assert done.returncode == 0, done.stderr
    assert '"fidelity"' in done.stdout
    assert token not in done.stdout + done.stderr


def test_a_target_that_is_not_there_fails_with_the_reason(
    stack: dict[str, Facts], tmp_path: Path
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
