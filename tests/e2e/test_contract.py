"""Requests made by chance from the served contract, good and bad, get documented answers."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from functions.openapi_document import openapi_document, operations
from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = "tests.e2e.schemathesis_hooks"


async def test_schemathesis_finds_nothing(stack: StackFacts, tmp_path: Path) -> None:
    """No server error, nothing undocumented, no good request refused, no bad one accepted."""
    access = access_to(stack, caller="schemathesis")
    program = Path(sys.executable).with_name("schemathesis")
    headers = [f"--header={name.title()}: {value}" for name, value in access.headers.items()]

    process = await asyncio.create_subprocess_exec(
        *(program, f"--config-file={CONFIGURATION}", "--no-color", "run"),
        *(*headers, f"{access.url}/openapi.json"),
        cwd=tmp_path,
        env=os.environ | {"COLUMNS": "200", "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()

    assert process.returncode == 0, printed.decode()[-6000:]
    # It leaves out the operation whose answer it has read: the document.
    tried = sum(1 for _ in operations(openapi_document(access.url))) - 1
    assert f"{tried} selected / {tried} total".encode() in printed
