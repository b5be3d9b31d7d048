"""Connections of bindings, by their names in the app settings."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from azure_quantum_emulator.supervision.azurite import connection_string
from localdev.host.configuration import ConfigurationError
from localdev.host.connections import Connections


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    """Return connections that are closed in the end."""
    made = Connections()
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"AzureWebJobsStorage": "UseDevelopmentStorage=true"}, "http://127.0.0.1:10001/"),
        ({"AzureWebJobsStorage": "UseDevelopmentStorage=true;"}, "http://127.0.0.1:10001/"),
        ({"AzureWebJobsStorage": connection_string((1, 2, 3))}, "http://127.0.0.1:2/"),
        (
            {"AzureWebJobsStorage__queueServiceUri": "https://here.example/"},
            "https://here.example/",
        ),
        (
            {
                "AzureWebJobsStorage__accountName": "mine",
                "AzureWebJobsStorage__credential": "managedidentity",
                "AzureWebJobsStorage__clientId": "11111111-1111-1111-1111-111111111111",
            },
            "https://mine.queue.core.windows.net/",
        ),
    ],
)
@pytest.mark.parametrize("name", ["AzureWebJobsStorage", "Storage"])
async def test_a_connection(
    connections: Connections,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    settings: dict[str, str],
    expected: str,
) -> None:
    """A connection is a connection string or an address, under its name with or without prefix."""
    for setting, value in settings.items():
        monkeypatch.setenv(setting, value)

    service = connections.service(name, QueueServiceClient)

    assert service.url.startswith(expected)
    assert connections.service(name, QueueServiceClient) is service


def test_the_services_of_a_connection(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection leads to the blobs of an account as to its queues."""
    monkeypatch.setenv("AzureWebJobsStorage", connection_string((1, 2, 3)))

    assert connections.service("Storage", BlobServiceClient).url.startswith("http://127.0.0.1:1/")
    assert connections.service("Storage", QueueServiceClient).url.startswith("http://127.0.0.1:2/")


def test_a_connection_that_is_not_set(connections: Connections) -> None:
    """A connection without a setting is refused by its name."""
    with pytest.raises(ConfigurationError, match="Elsewhere"):
        connections.service("Elsewhere", QueueServiceClient)
