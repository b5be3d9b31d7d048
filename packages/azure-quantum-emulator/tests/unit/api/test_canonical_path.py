"""Paths: which spellings name the same."""

from __future__ import annotations

import httpx
import pytest

from azure_quantum_emulator.api.canonical_path import canonical
from emulator_support.data_plane import PATH, SUBSCRIPTION, guid, open_session, put

SPELLINGS = [
    PATH.replace("workspaces", "Workspaces"),
    PATH.replace("resourceGroups", "resourcegroups"),
    PATH.replace("Microsoft.Quantum", "microsoft.quantum"),
    PATH.replace("/ws", "/WS").replace("/Group", "/GROUP"),
    PATH.upper(),
    PATH.lower(),
]


@pytest.mark.parametrize("path", SPELLINGS)
async def test_case_makes_no_difference_in_a_path(client: httpx.AsyncClient, path: str) -> None:
    """What other clients send is answered as what the SDK sends."""
    await put(client)
    await open_session(client, 2)
    for rest in ("", "/jobs", f"/jobs/{guid()}", "/ProviderStatus", "/TOPLEVELITEMS", "/quotas"):
        assert (await client.get(path + rest)).status_code == 200, rest
    assert (await client.post(f"{path}/jobs/{guid()}:Cancel")).status_code == 204
    assert (await client.post(f"{path}/Sessions/{guid(2)}:CLOSE")).status_code == 200


async def test_an_update_is_taken_where_the_swagger_file_has_it(client: httpx.AsyncClient) -> None:
    """PATCH of jobUpdateOptions is PATCH of jobs."""
    await put(client)
    answer = await client.patch(f"{PATH}/jobUpdateOptions/{guid()}", json={"tags": ["x"]})
    assert (answer.status_code, answer.json()["tags"]) == (200, ["x"])


async def test_faults_hit_any_spelling(client: httpx.AsyncClient) -> None:
    """A fault of an operation is one however its path is written."""
    await client.post("/emulator/faults", json={"operation": "quotas", "status": 503})
    for path in SPELLINGS:
        assert (await client.get(f"{path}/QUOTAS")).status_code == 503


def test_names_and_ids_stay_as_they_are() -> None:
    """Only words of the protocol are written anew, also where a name is such a word."""
    path = (
        f"/SUBSCRIPTIONS/{SUBSCRIPTION.upper()}/ResourceGroups/JOBS/providers/X/Workspaces/Jobs/Y"
    )
    assert canonical(path) == (
        f"/subscriptions/{SUBSCRIPTION.upper()}/resourceGroups/JOBS/providers/X/workspaces/Jobs/Y"
    )
