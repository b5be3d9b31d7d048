"""Fixtures of every test: a clean environment, and Azurite on demand."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from azure_quantum_emulator.supervision import azurite as azurite_process
from azure_quantum_emulator.supervision import azurite_program

# Before any test imports the package that would report.
os.environ["QDK_PYTHON_TELEMETRY"] = "none"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded: `record_property("figure", (what, n, of))`, or a "note"."""
    figures: dict[str, list[int]] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "figure":
                what, count, total = value
                sums = figures.setdefault(what, [0, 0])
                sums[0] += count
                sums[1] += total
            elif name == "note":
                terminalreporter.write_line(value)
    for what, (count, total) in figures.items():
        terminalreporter.write_line(f"{what}: {count} of {total}")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own Azure: no test depends on it or touches it."""
    for name in os.environ:
        if name.startswith("AZURE_") and name != azurite_program.VARIABLE:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Azurite, one for each pytest-xdist worker; yields its connection string."""
    with azurite_process.running(tmp_path_factory.mktemp("azurite") / "azurite.log") as connection:
        yield connection
