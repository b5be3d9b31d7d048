from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from azure_quantum_emulator.workspace import Workspace
from emulator_support import data_plane


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """Return a workspace whose runner never starts."""
    async with data_plane.idle_workspace() as workspace:
        yield workspace


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the workspace that knows the key."""
    async with data_plane.connected(workspace) as client:
        yield client
