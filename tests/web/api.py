"""The API as an account calls it from elsewhere: what the page did not do itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to
from localdev.stack.stack import Stack

type Json = dict[str, Any]


def first_example(algorithm: str) -> Json:
    """Return the first submission that an algorithm shows."""
    file = ROOT / "algorithms" / algorithm / "input.schema.json"
    return {"input": json.loads(file.read_text(encoding="utf-8"))["examples"][0]}


@dataclass(frozen=True, slots=True)
class Api:
    """An account's client."""

    client: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, stack: Stack, caller: str) -> AsyncIterator[Api]:
        """Open the API for a caller, who is the account of the same name."""
        access = access_to(stack.facts, caller=caller)
        async with httpx.AsyncClient(
            base_url=access.url, headers=access.headers, timeout=PATIENCE
        ) as client:
            yield cls(client)

    async def submit(self, algorithm: str, body: Json | None) -> Json:
        """Submit a body, or the first example; return the job."""
        answer = await self.client.post(
            f"algorithms/{algorithm}/jobs",
            json=first_example(algorithm) if body is None else body,
        )
        assert answer.status_code == 202, answer.text
        job: Json = answer.json()
        return job

    async def ended(self, algorithm: str, body: Json | None) -> Json:
        """Return a job that has ended, however it did."""
        made = await self.submit(algorithm, body)
        while True:
            held = {"prefer": "wait=30"}
            job: Json = (await self.client.get(f"jobs/{made['id']}", headers=held)).json()
            if job["status"] in {"Succeeded", "Failed", "Canceled"}:
                return job

    async def result(self, job_id: str) -> Json:
        """Return a job with its result."""
        answer = await self.client.get(f"jobs/{job_id}/result")
        assert answer.status_code == 200, answer.text
        outcome: Json = answer.json()
        return outcome
