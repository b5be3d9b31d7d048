from __future__ import annotations

from collections.abc import Iterator

import pytest

from qjobs import bootstrap

SETTINGS = {
    "AzureWebJobsStorage": "unused",
    "QJOBS_KEY_VAULT_URI": "unused",
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the services need to be put together, and forget them afterwards."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    bootstrap.services.cache_clear()
    yield
    bootstrap.services.cache_clear()


@pytest.mark.usefixtures("configured")
def test_routes_and_services_share_one_catalogue() -> None:
    """The files of an algorithm are read and its schemas compiled once in a process."""
    assert bootstrap.services().ports.catalogue is bootstrap.catalogue()
