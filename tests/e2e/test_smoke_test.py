"""The smoke test of a deployment, on the local stack."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localdev.access import access_to
from localdev.part import Facts

SCRIPT = Path(__file__).parents[2] / "infra" / "hooks" / "smoke_test.py"
AUDIENCE = "api://trial"


def smoke(folder: Path, token: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script where the Azure CLI prints *token* to who asks for the API's."""
    az = folder / "az"
    asked = f'"account get-access-token --scope {AUDIENCE}/.default "*'
    az.write_text(f'#!/bin/sh\ncase "$*" in {asked}) echo {token} ;; *) exit 1 ;; esac\n')
    az.chmod(0o755)
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "--audience", AUDIENCE, *arguments],
        env={"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_deployment_that_works_passes(stack: dict[str, Facts], tmp_path: Path) -> None:
    """It runs a job to its end and shows the result, and nothing of the token."""
    access = access_to(stack, caller="smoke")
    token = access.headers["authorization"].removeprefix("Bearer ")

    done = smoke(tmp_path, token, "--url", access.url)

    assert done.returncode == 0, done.stderr
    assert '"fidelity"' in done.stdout
    assert "The deployment works." in done.stdout
    assert token not in done.stdout + done.stderr


def test_a_target_that_is_not_there_fails_with_the_reason(
    stack: dict[str, Facts], tmp_path: Path
) -> None:
    """What the API says of the job is what the test says."""
    access = access_to(stack, caller="smoke")
    token = access.headers["authorization"].removeprefix("Bearer ")

    done = smoke(tmp_path, token, "--url", access.url, "--target", "nowhere.qpu")

    assert done.returncode == 1
    assert "the job was not accepted: 422 /target/id: " in done.stderr


def test_what_never_answers_fails_in_time(tmp_path: Path) -> None:
    """A deployment that is not there is not waited for without end."""
    done = smoke(tmp_path, "unused", "--url", "http://127.0.0.1:9", "--timeout", "0")

    assert done.returncode == 1
    assert "http://127.0.0.1:9/health: 503" in done.stderr


def test_without_an_address_the_help_is_given(tmp_path: Path) -> None:
    """A wrong command line says what is missing."""
    done = smoke(tmp_path, "unused")

    assert done.returncode == 2
    assert "--url" in done.stderr
