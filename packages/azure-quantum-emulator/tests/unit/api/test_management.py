"""The lookups of the SDK before it talks to the workspace."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from emulator_support.data_plane import COORDINATES, PATH, SUBSCRIPTION

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
