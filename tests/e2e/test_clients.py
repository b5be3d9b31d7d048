"""Every client in docs/clients.md does what it says, from the document as it is."""

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

DOCUMENT = Path(__file__).parents[2] / "docs" / "clients.md"

type Command = Callable[[Path], list[list[str]]]
"""Makes of a program's file the commands that run it, one after the other."""


def program(heading: str, language: str = r"\w+") -> str:
    """Return the first program under a heading of the document."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    match = re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert match, f"no program under {heading}"
    return match[1]


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
    """A program of the document."""

    heading: str
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
    Client("curl", "client.sh", "curl", run_by("sh")),
    Client("Python, with azure-core", "azure_client.py", "python3", run_by(sys.executable)),
    Client("Python, with httpx", "httpx_client.py", "python3", run_by(sys.executable)),
    Client("JavaScript", "client.mjs", "node", run_by("node")),
    Client("Java", "Client.java", "javac", run_by("java")),
    Client("C#", "Client.cs", "mcs", c_sharp),
]


@pytest.mark.parametrize("client", CLIENTS, ids=[client.heading for client in CLIENTS])
async def test_a_client_prints_the_result(
    api: httpx.AsyncClient, tmp_path: Path, client: Client
) -> None:
    """The program under each heading exits with 0 and prints the result of the job."""
    if shutil.which(client.tool) is None:
        pytest.skip(f"{client.tool} is not installed")
    file = tmp_path / client.file
    file.write_text(program(client.heading), encoding="utf-8")
    printed = b""
    for command in client.commands(file):
        printed = await run(command, tmp_path, api)

    document = json.loads(printed)
    assert document["status"] == "Succeeded"
    assert sum(document["counts"][0].values()) == 500


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_a_generated_client_has_a_typed_call(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """A generator makes of the served contract what the document calls by its types."""
    await run(["sh", "-e", "-c", program("Typed clients", "sh")], tmp_path, api)
    file = tmp_path / "typed_client.py"
    file.write_text(program("Typed clients", "python"), encoding="utf-8")

    printed = await run([sys.executable, str(file)], tmp_path, api)

    assert 0 < float(printed) <= 1


def test_every_client_of_the_document_is_run() -> None:
    """No program of a language is left out."""
    text = DOCUMENT.read_text(encoding="utf-8")
    languages = re.findall(r"^```(python|javascript|java|csharp)$", text, re.MULTILINE)

    # curl's is one of several for the shell; the typed one is run by a test of its own.
    assert len(languages) == len(CLIENTS) - 1 + 1
