"""Every program in examples/ does what docs/clients.md says, from the file as it is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from localdev.stack.endpoints import workspace_of
from localdev.stack.facts import StackFacts

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "clients.md"
EXAMPLES = ROOT / "examples"

type Command = Callable[[Path], list[list[str]]]
"""Makes of a program's file the commands that run it, one after the other."""


def c_sharp(file: Path) -> list[list[str]]:
    """Compile with mono, which wants an entry point that is not asynchronous."""
    entry = file.with_name("Entry.cs")
    entry.write_text(
        "class Entry { static int Main() { return Client.Main().GetAwaiter().GetResult(); } }"
    )
    executable = str(file.with_suffix(".exe"))
    reference = "-r:System.Net.Http.dll"
    compiler = ["mcs", "-langversion:latest", "-main:Entry", reference, f"-out:{executable}"]
    return [[*compiler, str(file), str(entry)], ["mono", executable]]


@dataclass(frozen=True)
class Client:
    """A program that submits a job and prints its result."""

    file: str
    tool: str
    """What has to be installed."""
    commands: Command


def run_by(*command: str) -> Command:
    """Return the command that runs a program as it is."""
    return lambda file: [[*command, str(file)]]


async def run(command: list[str], folder: Path, api: httpx.AsyncClient) -> bytes:
    """Run a command that calls the API; return what it prints."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    access = {
        "QJOBS_URL": str(api.base_url).rstrip("/"),
        "QJOBS_TOKEN": api.headers["authorization"].removeprefix("Bearer "),
        "PATH": tools,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=os.environ | access,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed


CLIENTS = [
    Client("submit.sh", "curl", run_by("sh")),
    Client("submit_azure_core.py", "python3", run_by(sys.executable)),
    Client("submit_httpx.py", "python3", run_by(sys.executable)),
    Client("submit.mjs", "node", run_by("node")),
    Client("Client.java", "javac", run_by("java")),
    Client("Client.cs", "mcs", c_sharp),
]
OTHERS = ("submit_typed.py", "list_jobs.py", "cancel_job.py")
"""Programs that a test of their own runs."""


@pytest.mark.parametrize("client", CLIENTS, ids=[client.file for client in CLIENTS])
async def test_a_client_prints_the_result(
    api: httpx.AsyncClient, tmp_path: Path, client: Client
) -> None:
    """The program exits with 0 and prints the result of the job."""
    if shutil.which(client.tool) is None:
        pytest.skip(f"{client.tool} is not installed")
    file = shutil.copy(EXAMPLES / client.file, tmp_path)
    printed = b""
    for command in client.commands(Path(file)):
        printed = await run(command, tmp_path, api)

    document = json.loads(printed)
    assert document["status"] == "Succeeded"
    assert sum(document["counts"][0].values()) == 500


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_a_generated_client_has_a_typed_call(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """A generator makes of the served contract what the example calls by its types."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("\n## Typed clients\n")[2]
    generate = re.search(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert generate
    await run(["sh", "-e", "-c", generate[1]], tmp_path, api)

    printed = await run([sys.executable, str(EXAMPLES / "submit_typed.py")], tmp_path, api)

    assert 0 < float(printed) <= 1


async def test_jobs_are_listed_to_the_last_page(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """Three jobs are two pages of two, and all are printed, newest first."""
    jobs = [
        (await api.post("/algorithms/ghz/jobs", json={"input": {"qubits": 2}})).json()["id"]
        for _ in range(3)
    ]

    printed = await run([sys.executable, str(EXAMPLES / "list_jobs.py")], tmp_path, api)

    listed = [line.split()[0] for line in printed.decode().splitlines()]
    assert listed == jobs[::-1]


async def test_a_job_is_canceled(stack: StackFacts, api: httpx.AsyncClient, tmp_path: Path) -> None:
    """The program cancels a job that would run for ever, and waits until it is canceled."""
    access = workspace_of(stack)
    async with httpx.AsyncClient(base_url=access.url, headers=access.headers) as workspace:
        fault = (await workspace.post("/emulator/jobFaults", json={"hang": True})).json()["id"]
        try:
            printed = await run([sys.executable, str(EXAMPLES / "cancel_job.py")], tmp_path, api)
        finally:
            await workspace.delete(f"/emulator/jobFaults/{fault}")

    (job,) = (await api.get("/jobs")).json()["jobs"]
    assert printed.decode().split() == [job["status"]] == ["Canceled"]


def test_every_example_is_run() -> None:
    """No file is left out."""
    files = {path.name for path in EXAMPLES.iterdir() if path.is_file()} - {"README.md"}

    assert files == {client.file for client in CLIENTS} | set(OTHERS)
