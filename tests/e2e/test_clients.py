"""Every program in examples/ does what docs/clients.md says, from the file as it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from localdev.stack.facts import StackFacts
from tests.e2e.callers import hanging_jobs, passed_on, run, served, token_of, url_of

pytestmark = pytest.mark.one_stack
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "clients.md"
EXAMPLES = ROOT / "examples"

type Command = Callable[[Path], list[list[str]]]
"""Makes of a program's file the commands that run it, one after the other."""


def c_sharp(file: Path) -> list[list[str]]:
    """Compile with mono, which wants an entry point that is not asynchronous."""
    entry = file.with_name("Entry.cs")
    entry.write_text(
        "class Entry { static void Main() { Client.Main().GetAwaiter().GetResult(); } }"
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


async def call(command: list[str], folder: Path, api: httpx.AsyncClient, url: str = "") -> str:
    """Run a command that calls the API, or *url* in its place; return what it prints."""
    access = {"QJOBS_URL": url or url_of(api), "QJOBS_TOKEN": token_of(api)}
    code, printed, complained = await run(command, folder, access)
    assert code == 0, printed + complained
    return printed


def prepared(client: Client, folder: Path) -> list[str]:
    """Return the command that runs a program, the last one, and what it takes before."""
    if shutil.which(client.tool) is None:
        pytest.skip(f"{client.tool} is not installed")
    *before, command = client.commands(Path(shutil.copy(EXAMPLES / client.file, folder)))
    for one in before:
        subprocess.run(one, check=True)
    return command


CLIENTS = [
    Client("submit.sh", "curl", run_by("sh")),
    Client("submit_and_poll.sh", "curl", run_by("sh")),
    Client("submit_azure_core.py", "python3", run_by(sys.executable)),
    Client("submit_httpx.py", "python3", run_by(sys.executable)),
    Client("submit.mjs", "node", run_by("node")),
    Client("Client.java", "javac", run_by("java")),
    Client("Client.cs", "mcs", c_sharp),
    Client("submit.ps1", "pwsh", run_by("pwsh", "-NoProfile", "-File")),
]
SENDING_ONCE = ("submit.sh", "submit.ps1")
"""Programs that leave a repetition of the submission to whoever runs them."""
PATIENT = [client for client in CLIENTS if client.file not in SENDING_ONCE]
OTHERS = ("submit_typed.py", "list_jobs.py", "cancel_job.py", "listen.mjs")
"""Programs that a test of their own runs."""
RECEIVERS = ("receive.py", "receive.mjs", "receive.go", "Receiver.java", "Receiver.cs")
"""Receivers of webhooks, of which tests/integration/test_receivers.py runs what it can here."""


def names(clients: list[Client]) -> list[str]:
    """Return what tests of programs are called."""
    return [client.file for client in clients]


@pytest.mark.parametrize("client", CLIENTS, ids=names(CLIENTS))
async def test_a_client_prints_the_result(
    api: httpx.AsyncClient, tmp_path: Path, client: Client
) -> None:
    """The program exits with 0 and prints the result of the job."""
    document = json.loads(await call(prepared(client, tmp_path), tmp_path, api))

    assert document["status"] == "Succeeded"
    assert sum(document["counts"][0].values()) == 500


@pytest.mark.parametrize("client", PATIENT, ids=names(PATIENT))
async def test_a_job_that_takes_longer_is_polled(
    api: httpx.AsyncClient, tmp_path: Path, client: Client
) -> None:
    """A program whose submission is answered with 202 asks its Location for the result."""

    async def impatient(request: web.Request) -> web.Response:
        return await passed_on(request, api, without="prefer")

    command = prepared(client, tmp_path)
    async with served(impatient) as url:
        document = json.loads(await call(command, tmp_path, api, url))

    assert (document["status"], sum(document["counts"][0].values())) == ("Succeeded", 500)


@pytest.mark.parametrize("client", PATIENT, ids=names(PATIENT))
async def test_an_answer_that_gets_lost_costs_no_second_job(
    api: httpx.AsyncClient, tmp_path: Path, client: Client
) -> None:
    """Where the connection ends before the answer, the program submits the same job again."""
    lost: list[str] = []

    async def forgetful(request: web.Request) -> web.Response:
        answer = await passed_on(request, api)
        if not lost and request.transport is not None:
            lost.append(request.method)
            request.transport.abort()
        return answer

    command = prepared(client, tmp_path)
    async with served(forgetful) as url:
        document = json.loads(await call(command, tmp_path, api, url))

    assert lost == ["POST"]
    (job,) = (await api.get("jobs")).json()["value"]
    assert (document["id"], document["status"]) == (job["id"], "Succeeded")


# azure-core waits as long as it is told to, however long that is, and then gives up by itself.
BOUNDED = [client for client in PATIENT if client.file != "submit_azure_core.py"]


@pytest.mark.parametrize("client", BOUNDED, ids=names(BOUNDED))
async def test_no_program_waits_for_ever(tmp_path: Path, client: Client) -> None:
    """A service that asks for more patience than a program has is given up, with its reason."""
    reason = "The service is being repaired."

    async def busy(_: web.Request) -> web.Response:
        return web.json_response({"detail": reason}, status=503, headers={"Retry-After": "3600"})

    command = prepared(client, tmp_path)
    async with served(busy) as url:
        access = {"QJOBS_URL": url, "QJOBS_TOKEN": "none"}
        code, printed, complained = await run(command, tmp_path, access)

    assert code != 0
    assert reason in printed + complained


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_a_generated_client_has_a_typed_call(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """A generator makes of the served contract what the example calls by its types."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("\n## Typed clients\n")[2]
    fetch, generate = re.findall(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)[:2]
    await call(["sh", "-e", "-c", fetch + generate], tmp_path, api)

    printed = await call([sys.executable, str(EXAMPLES / "submit_typed.py")], tmp_path, api)

    assert 0 < float(printed) <= 1


async def test_jobs_are_listed_to_the_last_page(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """Three jobs are two pages of two, and all are printed, newest first."""
    jobs = [
        (await api.post("/algorithms/ghz/jobs", json={"input": {"qubits": 2}})).json()["id"]
        for _ in range(3)
    ]

    printed = await call([sys.executable, str(EXAMPLES / "list_jobs.py")], tmp_path, api)

    listed = [line.split()[0] for line in printed.splitlines()]
    assert listed == jobs[::-1]


async def test_a_job_is_canceled(stack: StackFacts, api: httpx.AsyncClient, tmp_path: Path) -> None:
    """The program cancels a job that would run for ever, and waits until it is canceled."""
    async with hanging_jobs(stack):
        printed = await call([sys.executable, str(EXAMPLES / "cancel_job.py")], tmp_path, api)

    (job,) = (await api.get("/jobs")).json()["value"]
    assert printed.split() == [job["status"]] == ["Canceled"]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
async def test_a_program_is_told_of_its_job(api: httpx.AsyncClient, tmp_path: Path) -> None:
    """The program prints the result of the job that it has heard of."""
    printed = await call(["node", str(EXAMPLES / "listen.mjs")], tmp_path, api)

    document = json.loads(printed)
    assert (document["status"], sum(document["counts"][0].values())) == ("Succeeded", 500)


def test_every_example_is_run() -> None:
    """No file is left out."""
    files = {path.name for path in EXAMPLES.iterdir() if path.is_file()} - {"README.md"}

    assert files == {client.file for client in CLIENTS} | {*OTHERS, *RECEIVERS}
