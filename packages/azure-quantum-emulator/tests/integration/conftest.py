from __future__ import annotations

from collections.abc import Iterator

import pytest

from azure_quantum_emulator.testing import RunningEmulator, running


@pytest.fixture(scope="module")
def emulator(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator on this worker's Azurite, for the tests of one file."""
    directory = tmp_path_factory.mktemp("emulator")
    with running(directory, "--in-memory", "--quiet", storage=azurite) as emulator:
        yield emulator
