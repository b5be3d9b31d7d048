"""Fixtures of every test: a clean environment, and the parts of the local stack on demand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from localdev import azurite as azurite_process

if TYPE_CHECKING:
    from collections.abc import Iterator

# Before any test imports the package that would report.
os.environ["QDK_PYTHON_TELEMETRY"] = "none"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own Azure: no test depends on it or touches it."""
    for name in os.environ:
        if name.startswith(("AZURE_", "QJOBS_", "AzureWebJobs")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Azurite, one for each pytest-xdist worker; yields its connection string."""
    running = azurite_process.start(tmp_path_factory.mktemp("azurite") / "azurite.log")
    yield running.connection_string
    running.stop()
