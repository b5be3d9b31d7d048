"""Client of the emulator over HTTP: the SDK would be the slowest part of the measurement."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from azure_quantum_emulator.testing import RunningEmulator

API_VERSION = {"api-version": "2026-01-15-preview"}
TARGET = "local.sim.aer"
WATCH_PERIOD = 0.5  # seconds between two looks at the list of all jobs


class WorkspaceClient:
    """Submits jobs to the emulator and polls them; `connect` creates it."""

    def __init__(self, http: aiohttp.ClientSession, emulator: RunningEmulator) -> None:
        self._http = http
        self._root = emulator.url.rstrip("/")
        self._workspace = self._root + emulator.path

    async def submit(self, program: bytes, shots: int) -> str:
        """Submit a job as the SDK does (container, upload, definition); return its id."""
        job_id = str(uuid.uuid4())
        asked = {"containerName": f"job-{job_id}"}
        container = (await self._json("POST", f"{self._workspace}/storage/sasUri", asked))["sasUri"]
        base, _, signature = container.partition("?")
        async with self._http.put(
            f"{base}/inputData?{signature}",
            data=program,
            headers={"x-ms-blob-type": "BlockBlob"},
        ) as response:
            response.raise_for_status()
        definition = {
            "name": "bench",
            "containerUri": container,
            "inputDataFormat": "qir.v1",
            "outputDataFormat": "microsoft.quantum-results.v2",
            "providerId": TARGET.partition(".")[0],
            "target": TARGET,
            "inputParams": {"shots": shots},
        }
        await self._json("PUT", self.job_url(job_id), definition)
        return job_id

    def job_url(self, job_id: str) -> str:
        """Return the URL of a job."""
        return f"{self._workspace}/jobs/{job_id}"

    async def get(self, job_id: str) -> dict[str, Any]:
        """Return a job."""
        job: dict[str, Any] = await self._json("GET", self.job_url(job_id))
        return job

    async def open_queue(self, *, is_open: bool) -> None:
        """Let jobs run, or have them wait."""
        await open_queue(self._http, self._root, is_open=is_open)

    async def all_succeeded(self) -> None:
        """Wait until every job has succeeded."""
        while True:
            listed = await self._json("GET", f"{self._root}/emulator/jobs")
            if all(job["status"] == "Succeeded" for job in listed):
                return
            await asyncio.sleep(WATCH_PERIOD)

    async def _json(self, method: str, url: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        params = API_VERSION if url.startswith(self._workspace) else {}
        async with self._http.request(method, url, json=body, params=params) as response:
            response.raise_for_status()
            return await response.json()


async def open_queue(http: aiohttp.ClientSession, root: str, *, is_open: bool) -> None:
    """Let jobs of the target run, or have them wait, in the emulator at *root*."""
    settings = {"targets": {TARGET: {"availability": "Available" if is_open else "Unavailable"}}}
    async with http.patch(f"{root}/emulator/settings", json=settings) as response:
        response.raise_for_status()


@asynccontextmanager
async def connect(emulator: RunningEmulator, connections: int) -> AsyncIterator[WorkspaceClient]:
    """Connect to an emulator for the length of a `with` block."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        headers={"x-ms-quantum-api-key": emulator.api_key},
    ) as http:
        yield WorkspaceClient(http, emulator)
