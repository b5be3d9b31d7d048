"""Fixtures of every test: a clean environment, and the parts of the local stack on demand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from localdev import azurite as azurite_process
from localdev.stack import Options, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localdev.parts import Facts

# Before any test imports the package that would report.
os.environ["QDK_PYTHON_TELEMETRY"] = "none"


# App settings of the functions in tests, over those of local.settings.json.example.
STACK_SETTINGS = {
    # What got lost on the way is found within seconds, not minutes.
    "QJOBS_RECONCILE_SCHEDULE": "*/2 * * * * *",
    "QJOBS_STALLED_AFTER_SECONDS": "10",
}


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the markers in a hook of its own
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have one pytest-xdist worker run all that needs the stack: one stack is costly enough."""
    for item in items:
        if "running_stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own Azure: no test depends on it or touches it."""
    for name in os.environ:
        if name.startswith(("AZURE_", "QJOBS_", "AzureWebJobs")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Azurite, one for each pytest-xdist worker; yields its connection string."""
    with azurite_process.running(tmp_path_factory.mktemp("azurite") / "azurite.log") as connection:
        yield connection


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the whole local stack, for tests that stop and start its parts."""
    options = Options(tmp_path_factory.mktemp("stack"), settings=STACK_SETTINGS)
    with Stack(options) as running:
        yield running


@pytest.fixture
def stack(running_stack: Stack) -> dict[str, Facts]:
    """Return where the parts of the running stack are: the content of `up`'s ready file."""
    running_stack.check()
    return running_stack.facts
