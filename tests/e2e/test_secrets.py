"""Secrets of the stack: neither command lines nor logs have one."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from localdev.stack.facts import StackFacts
from localdev.stack.stack import Stack

TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}")
SIGNATURE = re.compile(r"[?&]sig=[\w%+/-]{10,}")
SECRET_FACTS = frozenset({"apiKey", "key", "masterKey", "identityHeaders", "connectionString"})


def secrets(facts: Any, *, secret: bool = False) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield what is secret of the facts: values of the members of that name, and below them."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            yield from secrets(value, secret=secret or name in SECRET_FACTS)
    elif secret:
        yield re.sub(r".*AccountKey=([^;]+).*", r"\1", facts)


def found(text: str, known: set[str]) -> set[str]:
    """Return the secrets in a text: those that are known, tokens and signatures."""
    return {*TOKEN.findall(text), *SIGNATURE.findall(text), *(one for one in known if one in text)}


@pytest.fixture
async def known(api: httpx.AsyncClient, stack: StackFacts) -> set[str]:
    """Run a job, so that every part has used what it has; return the secrets of the stack."""
    job = await api.post(
        "algorithms/ghz/jobs", json={"input": {"qubits": 3}}, headers={"prefer": "wait=30"}
    )
    assert job.json()["status"] == "Succeeded"
    _, _, token = api.headers["authorization"].partition(" ")
    return {token, *secrets(stack)}


def test_the_test_knows_a_secret_when_it_sees_one() -> None:
    """Keys, tokens and signatures are found, and what only looks like them is not."""
    facts = {
        "workspace": {"apiKey": "a-key", "name": "w"},
        "identity": {"identityHeaders": {"gateway": "a-header"}},
        "storage": {"connectionString": "AccountName=a;AccountKey=b64==;BlobEndpoint=http://x"},
    }
    assert set(secrets(facts)) == {"a-key", "a-header", "b64=="}
    token = "eyJhbGciOiJub25l.eyJzdWIiOiJ4eHh4.c2lnbmF0dXJl"
    assert found(f"Bearer {token}", set()) == {token}
    assert found("GET /c/b?sv=1&sig=abc%2Fdef12345&sp=r", set())
    assert found("GET /c/b?sv=1&sig=...&sp=r the-key", {"a-key"}) == set()


async def test_no_command_line_has_a_secret(running_stack: Stack, known: set[str]) -> None:
    """Every user of the machine may read those, of whatever a part has started too."""
    parts = {name: psutil.Process(running_stack.pid(name)) for name in running_stack.facts}
    for name, part in parts.items():
        for process in [part, *part.children(recursive=True)]:
            line = " ".join(process.cmdline())
            assert found(line, known) == set(), name


async def test_no_log_has_a_secret(running_stack: Stack, known: set[str]) -> None:
    """What a part prints is read by others, kept, and sent to those who help."""
    for name in running_stack.facts:
        assert found(running_stack.log(name).read_text(), known) == set(), name


@pytest.mark.usefixtures("known")
async def test_the_access_log_of_storage_has_the_rest(running_stack: Stack) -> None:
    """Requests with a signature are still logged, with all but that."""
    log = running_stack.log("storage").read_text()
    assert re.search(r"GET /devstoreaccount1/\S+[?&]sig=\.\.\.\S* HTTP/1.1\" 20", log)


async def test_files_with_secrets_are_their_owners_alone(
    running_stack: Stack, known: set[str]
) -> None:
    """Ready files and private keys are read by nobody else."""
    directory = running_stack.log("storage").parents[1]
    checked = 0
    for file in (path for path in directory.rglob("*") if path.is_file()):
        text = file.read_text(errors="replace")
        if found(text, known) or "PRIVATE KEY" in text:
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
            checked += 1
    assert checked
