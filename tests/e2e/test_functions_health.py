"""The health of the functions behind the API, asked for through the gateway."""

from __future__ import annotations

import asyncio
import time

import httpx

from emulator_support.patience import PATIENCE
from localdev.stack.facts import StackFacts
from qjobs.domain.heartbeat import FUNCTIONS
from tests.openapi import check_response


async def test_every_function_shows_that_it_runs(stack: StackFacts) -> None:
    """After the timer ran there is a time for each, and anybody is told, without a token."""
    async with httpx.AsyncClient(
        base_url=stack["gateway"]["url"],
        timeout=PATIENCE,
        event_hooks={"response": [check_response]},
    ) as anybody:
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = await anybody.get("health/functions")
            assert answer.status_code == 200, answer.text
            functions = answer.json()["functions"]
            if functions or time.monotonic() > deadline:
                break
            await asyncio.sleep(1)

    assert {(one["region"], one["function"]) for one in functions} == {
        ("local", function) for function in FUNCTIONS
    }


async def test_the_probe_touches_nothing_and_says_nothing_of_functions(
    api: httpx.AsyncClient,
) -> None:
    """What restarts an instance does not depend on others."""
    answer = await api.get("health")

    assert (answer.status_code, answer.json()) == (200, {"status": "Healthy"})
