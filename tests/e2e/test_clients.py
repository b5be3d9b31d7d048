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


def program(heading: str) -> str:
    """Return the first program under a heading of the document."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    match = re.search(r"^```\w+\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
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
    access = {
        "QJOBS_URL": str(api.base_url).rstrip("/"),
        "QJOBS_TOKEN": api.headers["authorization"].removeprefix("Bearer "),
    }

    printed = b""
    for command in client.commands(file):
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=tmp_path,
            env=os.environ | access,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()

    document = json.loads(printed)
    assert document["status"] == "Succeeded"
    assert sum(document["counts"][0].values()) == 500


def test_every_client_of_the_document_is_run() -> None:
    """No program of a language is left out."""
    text = DOCUMENT.read_text(encoding="utf-8")
    languages = re.findall(r"^```(python|javascript|java|csharp)$", text, re.MULTILINE)

    assert len(languages) == len(CLIENTS) - 1  # curl's is one of several for the shell
