from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localdev.emulator.testing import RunningEmulator, running
from tests.integration.stand_ins import Tools


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Return command line tools that answer nothing."""
    return Tools(tmp_path)


@pytest.fixture(scope="module")
def emulator(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator on this worker's Azurite, for the tests of one file."""
    directory = tmp_path_factory.mktemp("emulator")
    with running(directory, "--in-memory", "--quiet", storage=azurite) as emulator:
        yield emulator
