"""The pytest plugin, which is loaded in every test run of an environment with this package.

So it imports nothing of the emulator until a test asks for it.

    def test_a_job(quantum_emulator):
        with quantum_emulator.connect() as workspace:
            target = workspace.get_targets("ionq.simulator")
            ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_quantum_emulator.testing import RunningEmulator


@pytest.fixture(scope="session")
def quantum_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator, in memory and with its own Azurite, once for all tests."""
    from azure_quantum_emulator.testing import running  # noqa: PLC0415 - see above

    with running(tmp_path_factory.mktemp("emulator"), "--in-memory", "--quiet") as emulator:
        yield emulator
