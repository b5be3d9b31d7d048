"""Requests made by chance from the served contract, good and bad, get documented answers."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from functions.openapi_document import openapi_document, operations
from tests.e2e.callers import run, token_of, url_of

# Many requests, of jobs among them: on a slow machine that takes long.
pytestmark = [pytest.mark.one_stack, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = "tests.e2e.schemathesis_hooks"
SEED = "SCHEMATHESIS_SEED"
"""Set it to repeat a run: the tests print it at their end."""
FEWEST = 1000
"""Requests of one run; how many there are in sequences depends on the seed."""


async def test_schemathesis_finds_nothing(
    api: httpx.AsyncClient, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """No server error, nothing undocumented, no good request refused, no bad one accepted."""
    seed = os.environ.get(SEED) or str(secrets.randbelow(2**32))
    record_property("note", f"requests made by chance of the contract: {SEED}={seed}")
    for wait in ({"prefer": "wait=30"}, {}):  # jobs to list, to read and to cancel
        await api.post("algorithms/ghz/jobs", json={"input": {}}, headers=wait)

    code, printed, complained = await run(
        [
            *("schemathesis", f"--config-file={CONFIGURATION}", "--no-color", "run"),
            *(f"--seed={seed}", f"--header=Authorization: Bearer {token_of(api)}"),
            f"{url_of(api)}/openapi.json",
        ],
        tmp_path,
        {"COLUMNS": "200", "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
    )

    assert code == 0, f"{SEED}={seed}\n{printed[-6000:]}{complained}"
    # It leaves out the operation whose answer it has read: the document.
    tried = sum(1 for _ in operations(openapi_document(url_of(api)))) - 1
    assert f"{tried} selected / {tried} total" in printed
    generated = re.search(r"([\d,]+) generated", printed)
    assert generated
    assert int(generated[1].replace(",", "")) > FEWEST, f"{SEED}={seed}\n{printed[-2000:]}"
