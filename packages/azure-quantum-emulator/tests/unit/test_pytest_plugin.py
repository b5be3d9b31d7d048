"""The pytest plugin, which every test run of an environment loads."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points


def test_the_plugin_is_the_one_that_pytest_loads() -> None:
    """Its entry point names the module, so a project has nothing to import."""
    (plugin,) = (one for one in entry_points(group="pytest11") if "quantum" in one.name)
    assert plugin.value == "azure_quantum_emulator.pytest_plugin"


def test_the_plugin_loads_nothing_of_the_emulator_but_itself() -> None:
    """Test runs that do not ask for the fixture do not wait for it, and need no extra for it."""
    program = (
        "import pytest, sys; before = set(sys.modules)\n"
        "import azure_quantum_emulator.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == ["azure_quantum_emulator", "azure_quantum_emulator.pytest_plugin"]
