"""What the stack without keys is about."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import httpx
import pytest

from localdev.stack.part import Profile
from localdev.stack.stack import Stack

pytestmark = pytest.mark.one_stack(Profile.KEYLESS)


async def test_a_job_needs_no_key_and_no_host_but_those_of_azure(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """The functions ask for the vault, the resource manager and the workspace, and nobody else."""
    job = await api.post(
        "algorithms/ghz/jobs", json={"input": {"qubits": 3}}, headers={"prefer": "wait=30"}
    )

    assert job.json()["status"] == "Succeeded"
    assert "Refused" not in running_stack.log("proxy").read_text()


def test_nothing_that_the_stack_says_is_a_key(running_stack: Stack) -> None:
    """Neither where its parts are nor what they log has a key or a connection string in it."""
    facts = json.dumps(running_stack.facts)
    assert "blobServiceUri" in facts
    for secret in ("AccountKey", "apiKey", "masterKey", "SharedKey"):
        assert secret not in facts
        for part in running_stack.facts:
            assert secret not in running_stack.log(part).read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_functions_know_no_key(running_stack: Stack) -> None:
    """Their environment has addresses and identities; the connection string is not there."""
    process = Path(f"/proc/{running_stack.pid('functions')}")
    pairs = process.joinpath("environ").read_text().rstrip("\0").split("\0")
    environment = dict(pair.split("=", 1) for pair in pairs)

    assert environment["AzureWebJobsStorage__credential"] == "managedidentity"
    assert "AzureWebJobsStorage" not in environment
    assert not [name for name in environment if name.startswith("QJOBS_WORKSPACE_")]
    assert "AccountKey" not in "".join(pairs)
    assert "-key=" not in process.joinpath("cmdline").read_text()
