"""Every request that the SDK can make has an answer."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from emulator_support.data_plane import COORDINATES, SESSION, guid

# What makes its requests, before they are sent.
_operations = importlib.import_module("azure.quantum._client.operations._operations")
BUILDERS = [
    builder for name, builder in vars(_operations).items() if name.startswith("build_services_")
]
VALUES = {
    "subscription_id": COORDINATES.subscription_id,
    "resource_group_name": COORDINATES.resource_group,
    "workspace_name": COORDINATES.name,
    "job_id": guid(7),
    "session_id": guid(8),
    "provider_id": "ionq",
}


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda builder: builder.__name__)
async def test_an_operation_of_the_sdk_is_there(
    client: httpx.AsyncClient, builder: Callable[..., Any]
) -> None:
    """Its path and method are known; what is asked for may be missing, but not the operation."""
    parameters = inspect.signature(builder).parameters
    request = builder(**{name: VALUES[name] for name in parameters if name in VALUES})
    path = urlsplit(request.url)
    answer = await client.request(
        request.method, path.path, params=dict(httpx.QueryParams(path.query)), json=SESSION
    )
    code = answer.json().get("error", {}).get("code", "") if answer.content else ""
    assert code != "ResourceNotFound", answer.text
    assert answer.status_code < 500


def test_the_sdk_has_operations() -> None:
    """The test above is not of nothing."""
    assert len(BUILDERS) == 18
