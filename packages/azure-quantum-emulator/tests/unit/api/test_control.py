"""The control API: resets and seeds."""

from __future__ import annotations

import httpx

from azure_quantum_emulator.workspace import Workspace
from emulator_support.data_plane import PATH, guid, open_session, put


async def test_reset_forgets_everything(client: httpx.AsyncClient, workspace: Workspace) -> None:
    """After a reset there are no jobs and no counts, and the clock is right again."""
    await put(client)
    await client.post("/emulator/clock/advance", json={"by": "10d"})
    assert (await client.post("/emulator/reset")).status_code == 204
    assert (await client.get("/emulator/jobs")).json() == []
    assert workspace.store.puts() == {}


async def test_a_saved_list_can_be_shown_again(client: httpx.AsyncClient) -> None:
    """Items that were listed and are seeded are listed the same, and are not run."""
    await put(client)
    await open_session(client, 2)
    listed = (await client.get(f"{PATH}/topLevelItems")).json()
    await client.post("/emulator/reset")
    answer = await client.post("/emulator/seed", json=listed)
    assert (answer.status_code, answer.json()) == (201, {"added": 2})
    assert (await client.get(f"{PATH}/topLevelItems")).json() == listed


async def test_a_seed_is_checked(client: httpx.AsyncClient) -> None:
    """What the service would not list is refused, with its place."""
    await put(client)
    (job,) = (await client.get(f"{PATH}/jobs")).json()["value"]
    for broken in (
        {"status": "Lost"},
        {"creationTime": "soon"},
        {"creationTime": "9999-01-01T00:00:00Z"},
        {"tags": None},
    ):
        answer = await client.post("/emulator/seed", json={"value": [job | broken]})
        assert answer.status_code == 400
        assert "value[0]" in answer.json()["error"]["message"]
    assert (await client.post("/emulator/seed", json={})).status_code == 400
    answer = await client.post("/emulator/seed", json={"value": [job]})
    assert answer.status_code == 409
    assert guid() in answer.json()["error"]["message"]
