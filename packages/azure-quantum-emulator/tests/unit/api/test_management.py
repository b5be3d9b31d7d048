"""The lookups of the SDK before it talks to the workspace."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from emulator_support.data_plane import COORDINATES, KEY, PATH, SUBSCRIPTION

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
QUERY = "Resources\n | where type =~ 'microsoft.quantum/workspaces'\n | where name =~ 'WS'"


async def test_the_resource_says_where_the_data_plane_is(client: httpx.AsyncClient) -> None:
    """It is where the question was asked."""
    resource = (await client.get(PATH)).json()
    assert resource["location"] == COORDINATES.location
    assert resource["properties"]["endpointUri"] == "http://emulator"
    assert resource["properties"]["workspaceKind"] == COORDINATES.kind


@pytest.mark.parametrize(
    ("conditions", "subscriptions", "count"),
    [
        ("", None, 1),
        ("", [SUBSCRIPTION], 1),
        (" | where resourceGroup =~ 'group' | where location =~ 'EastUS'", None, 1),
        (" | where resourceGroup =~ 'other'", None, 0),
        (" | where location =~ 'westus'", None, 0),
        ("", ["22222222-2222-3333-4444-555555555555"], 0),
    ],
)
async def test_a_query_finds_the_workspace(
    client: httpx.AsyncClient, conditions: str, subscriptions: list[str] | None, count: int
) -> None:
    """By its name and whatever else the SDK knows, in any case."""
    body: dict[str, Any] = {"query": QUERY + conditions}
    if subscriptions is not None:
        body["subscriptions"] = subscriptions
    answer = (await client.post(GRAPH, json=body)).json()
    assert (answer["count"], len(answer["data"])) == (count, count)
    for row in answer["data"]:
        assert row["endpointUri"] == "http://emulator"
        assert row["subscriptionId"] == SUBSCRIPTION


async def test_workspaces_are_found_step_by_step(client: httpx.AsyncClient) -> None:
    """By tenant, subscription and list, as the extension of VS Code does."""
    (tenant,) = (await client.get("/tenants")).json()["value"]
    (subscription,) = (await client.get("/subscriptions")).json()["value"]
    assert subscription["tenantId"] == tenant["tenantId"]
    path = f"{subscription['id']}/providers/Microsoft.Quantum/workspaces"
    (workspace,) = (await client.get(path)).json()["value"]
    assert workspace == (await client.get(PATH)).json()
    providers = {each["providerId"] for each in workspace["properties"]["providers"]}
    assert {"ionq", "quantinuum", "rigetti", "pasqal"} <= providers


async def test_another_subscription_has_no_workspace(client: httpx.AsyncClient) -> None:
    """The list is empty."""
    other = "/subscriptions/22222222-2222-3333-4444-555555555555"
    path = f"{other}/providers/Microsoft.Quantum/workspaces"
    assert (await client.get(path)).json() == {"value": []}


async def test_the_keys_open_the_workspace(client: httpx.AsyncClient) -> None:
    """Both are its one key, alone and in a connection string."""
    keys = (await client.post(f"{PATH}/listKeys")).json()
    assert keys["apiKeyEnabled"] is True
    for which in ("primary", "secondary"):
        assert keys[f"{which}Key"]["key"] == KEY
        pairs = keys[f"{which}ConnectionString"].rstrip(";").split(";")
        assert dict(pair.split("=", 1) for pair in pairs) == {
            "SubscriptionId": SUBSCRIPTION,
            "ResourceGroupName": COORDINATES.resource_group,
            "WorkspaceName": COORDINATES.name,
            "ApiKey": KEY,
            "QuantumEndpoint": "http://emulator/",
        }


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:10/x", "https://example.com/job-1/inputData?sig=x", "file:///etc"]
)
async def test_nothing_is_forwarded_but_to_the_account(
    client: httpx.AsyncClient, method: str, address: str
) -> None:
    """The proxy is none to other hosts, and shows no signature."""
    path = f"{PATH}/storage/proxy"
    answer = await client.request(method, path, headers={"x-proxy-to": address})
    assert answer.status_code == 400
    assert "sig" not in answer.text


async def test_the_proxy_asks_where_to(client: httpx.AsyncClient) -> None:
    """Without the header a request is refused."""
    assert (await client.put(f"{PATH}/storage/proxy")).status_code == 400
