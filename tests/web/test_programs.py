"""The programs that the page shows for a filled form."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.e2e.callers import run, served
from tests.e2e.test_clients import CLIENTS, Client, names
from tests.web.bundles import ROOT, bundled, needs_node

SHOWN = [
    client
    for client in CLIENTS
    if client.file
    in {"submit_httpx.py", "submit.mjs", "Client.cs", "Client.java", "submit_and_poll.sh"}
]
HARD = {
    "input": {
        "program": "\"quoted\" 'single' `back` $HOME ${PATH} $(id) \\n \\\\ \\u0041 \\",
        "lines": "first\nsecond\r\n\ttab \b \f \u0000 \u001f \u007f",
        "letters": "é ß 漢字 \U0001f600 \u2028 \u2029 \ufeff",
        "shell": '!history #{interpolated} %s %% {0} {{}} f"{1}" EOF\nEOF\n@file',
        "__proto__": {"polluted": True},
        "numbers": [0, -1, 1e-7, 1.5e300, 9007199254740991, 0.1],
        "others": [None, True, False, [], {}, [[1, 2], [3]]],
        "long": '\\"é' * 200,
    },
    "target": {"id": "ionq.simulator"},
    "name": "O'Brien's \"job\"",
}


def programs(address: str, submission: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return the programs for a submission, by the file of examples/ that each is made of."""
    (script,) = bundled([Path(__file__).with_name("fill_programs.ts")], folder)
    filled = subprocess.run(
        ["node", script],
        cwd=ROOT,
        input=json.dumps({"address": address, "submission": submission}),
        check=True,
        capture_output=True,
        text=True,
    )
    texts: dict[str, str] = json.loads(filled.stdout)
    return texts


@needs_node
@pytest.mark.parametrize("client", SHOWN, ids=names(SHOWN))
async def test_a_program_submits_what_is_in_the_form(client: Client, tmp_path: Path) -> None:
    """Run as it is, it sends exactly the submission, whatever characters are in it."""
    if shutil.which(client.tool) is None:
        pytest.skip(f"{client.tool} is not installed")
    received: list[tuple[str, str, str, object]] = []

    async def accept(request: web.Request) -> web.Response:
        sent = request.headers
        body = json.loads(await request.text())
        received.append((request.path, sent["authorization"], sent["idempotency-key"], body))
        return web.json_response({"status": "Succeeded"})

    async with served(accept) as url:
        text = programs(f"{url}/quantum/algorithms/ghz/jobs", HARD, tmp_path)[client.file]
        file = tmp_path / client.file
        file.write_text(text, encoding="utf-8")
        *before, command = client.commands(file)
        for one in before:
            code, _, complained = await run(one, tmp_path, {})
            assert code == 0, complained
        code, printed, complained = await run(command, tmp_path, {"QJOBS_TOKEN": "token-of-alice"})

    assert code == 0, complained
    assert "Succeeded" in printed
    ((path, authorization, key, body),) = received
    assert (path, authorization, body) == (
        "/quantum/algorithms/ghz/jobs",
        "Bearer token-of-alice",
        HARD,
    )
    assert key


@needs_node
def test_a_program_has_no_token(tmp_path: Path) -> None:
    """Each takes it from the environment, and has the address of the API in it."""
    for file, text in programs(
        "https://api.example/quantum/algorithms/a/jobs", HARD, tmp_path
    ).items():
        assert "QJOBS_TOKEN" in text, file
        assert "QJOBS_URL" not in text, file
        assert "https://api.example/quantum" in text, file


@needs_node
def test_a_long_input_fits_into_a_constant_of_java(tmp_path: Path) -> None:
    """A program text of a hundred thousand characters compiles, and is the same."""
    if shutil.which("javac") is None:
        pytest.skip("javac is not installed")
    submission = {"input": {"program": 'é"\\' * 40_000}}
    text = programs("https://api.example/a", submission, tmp_path)["Client.java"]
    file = tmp_path / "Client.java"
    file.write_text(text, encoding="utf-8")

    compiled = subprocess.run(
        ["javac", "-d", tmp_path, file], check=False, capture_output=True, text=True
    )

    assert compiled.returncode == 0, compiled.stderr
