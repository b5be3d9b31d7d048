"""Requests to the emulator's application in this process; its jobs wait for ever."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import httpx

from azure_quantum_emulator.api import urls
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.runner import Runner
from azure_quantum_emulator.storage import BlobStorage
from azure_quantum_emulator.store import Store
from azure_quantum_emulator.supervision.azurite import connection_string
from azure_quantum_emulator.workspace import Coordinates, Workspace

KEY = "the-key"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
COORDINATES = Coordinates(SUBSCRIPTION, "Group", "ws", "eastus", KEY)
PATH = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Group/providers/Microsoft.Quantum/workspaces/ws"
)
VERSION = "2026-01-15-preview"
STORAGE = "http://127.0.0.1:9/devstoreaccount1"  # nobody listens there
SESSION = {"name": "a session", "providerId": "local", "target": "local.sim.aer"}
JOB = {
    "itemType": "Job",
    "name": "a job",
    "containerUri": f"{STORAGE}/job-1?sv=1&sig=secret",
    "inputDataUri": f"{STORAGE}/job-1/inputData?sig=secret",
    "inputDataFormat": "qir.v1",
    "outputDataFormat": "microsoft.quantum-results.v2",
    "providerId": "Local",
    "target": "local.sim.aer",
    "inputParams": {"shots": 100},
    "metadata": {"qiskit": True, "num_qubits": 4, "name": "x"},
    "tags": ["one"],
}


def guid(number: int = 1) -> str:
    """Return an id."""
    return str(UUID(int=number))


async def put(client: httpx.AsyncClient, number: int = 1, **changes: object) -> httpx.Response:
    """Ask for a job."""
    return await client.put(f"{PATH}/jobs/{guid(number)}", json=JOB | changes)


async def open_session(
    client: httpx.AsyncClient, number: int = 1, **changes: object
) -> httpx.Response:
    """Ask for a session."""
    return await client.put(f"{PATH}/sessions/{guid(number)}", json=SESSION | changes)


@contextlib.asynccontextmanager
async def idle_workspace() -> AsyncIterator[Workspace]:
    """Return a workspace whose runner never starts."""
    storage = BlobStorage.connect(connection_string((9, 9, 9)))
    scenario = Scenario.from_json({})
    with Store.open(None) as store:
        runner = Runner(store, storage, 1, scenario)
        yield Workspace(COORDINATES, store, storage, runner, scenario)
    await storage.aclose()


@contextlib.asynccontextmanager
async def connected(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a workspace that knows the key and speaks the SDK's api-version."""
    app = urls.application(COORDINATES)
    app.state.workspace, app.state.scenario = workspace, workspace.scenario
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://emulator",
        headers={"x-ms-quantum-api-key": KEY},
        params={"api-version": VERSION},
    ) as client:
        yield client
