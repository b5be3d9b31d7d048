"""Lists, their pages, and what the workspace offers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from emulator_support.data_plane import PATH, guid, open_session, put


async def ids(client: httpx.AsyncClient, path: str, **options: str) -> list[str]:
    """Return the ids on a page, as numbers."""
    page = (await client.get(f"{PATH}/{path}", params=options)).json()
    return [str(int(item["id"][-4:], 16)) for item in page["value"]]


async def test_lists_are_cut_into_pages_oldest_first(client: httpx.AsyncClient) -> None:
    """Following `nextLink`, an absolute address, shows every job once, without signatures."""
    for number in range(5):
        await put(client, number)
    link = f"http://emulator{PATH}/jobs?api-version=2026-01-15-preview&top=2&orderby=Name asc"
    client.params = httpx.QueryParams()  # the links have their own
    pages = []
    while link:
        page = (await client.get(link)).json()
        pages.append([job["id"] for job in page["value"]])
        assert not any("sig=" in job["outputDataUri"] for job in page["value"])
        link = page["nextLink"]
        assert link is None or (link.startswith("http://emulator/") and "orderby=Name" in link)
    assert pages == [[guid(0), guid(1)], [guid(2), guid(3)], [guid(4)]]


async def test_lists_differ_in_what_they_are_of(client: httpx.AsyncClient) -> None:
    """Jobs of a session are not at the top, and come newest first."""
    await put(client, 1)
    await open_session(client, 2)
    await put(client, 3, sessionId=guid(2))
    await put(client, 4, sessionId=guid(2))
    assert await ids(client, "jobs") == ["1", "3", "4"]
    assert await ids(client, "sessions") == ["2"]
    assert await ids(client, "topLevelItems") == ["1", "2"]
    assert await ids(client, f"sessions/{guid(2)}/jobs") == ["4", "3"]


async def test_lists_are_filtered_and_ordered(client: httpx.AsyncClient) -> None:
    """Options are those of OData."""
    for number, name in enumerate(("b", "a", "c")):
        await put(client, number, name=name)
    options = {"filter": "Name ne 'c' and JobType eq 'QuantumComputing'", "orderby": "Name asc"}
    assert await ids(client, "jobs", **options) == ["1", "0"]


@pytest.mark.parametrize(
    "query", ["filter=x", "orderby=Name up", "top=many", "skip=-1", f"skip={10**20}"]
)
async def test_a_list_never_ignores_what_it_is_asked_for(
    client: httpx.AsyncClient, query: str
) -> None:
    """An option that cannot be read is refused, not answered with the wrong jobs."""
    name, _, value = query.partition("=")
    assert (await client.get(f"{PATH}/jobs", params={name: value})).status_code == 400


async def test_provider_status_lists_the_targets(client: httpx.AsyncClient) -> None:
    """Every listed target tells what a client chooses by; Aer has no queue."""
    listed = (await client.get(f"{PATH}/providerStatus")).json()
    assert listed["nextLink"] is None
    found = {target["id"]: target for p in listed["value"] for target in p["targets"]}
    assert {"ionq.simulator", "local.sim.aer", "quantinuum.qpu.h2-1"} <= set(found)
    assert found["local.sim.aer"]["averageQueueTime"] == 0
    assert found["ionq.simulator"]["numQubits"] == 29


async def test_what_only_newer_workspaces_have_is_empty(client: httpx.AsyncClient) -> None:
    """Suite offers and their usage are asked for by newer clients."""
    empty: dict[str, object] = {"value": [], "nextLink": None}
    assert (await client.get(f"{PATH}/quotaUsages")).json() == empty
    subscription = PATH.partition("/resourceGroups")[0]
    offers = f"{subscription}/providers/Microsoft.Quantum/suiteOffers/ionq"
    assert (await client.get(f"{offers}/quotaUsages")).json() == empty


async def test_a_blob_is_signed_without_asking_the_storage(client: httpx.AsyncClient) -> None:
    """The address of a blob costs no storage transaction, and it may be written."""
    asked = {"containerName": "job-1", "blobName": "outputData"}
    answer = await client.post(f"{PATH}/storage/sasUri", json=asked)
    address = urlsplit(answer.json()["sasUri"])
    assert address.path == "/devstoreaccount1/job-1/outputData"
    assert {"sr": ["b"], "sp": ["rcw"]}.items() <= parse_qs(address.query).items()
