"""The server process."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("qiskit", "qiskit_aer", "numpy", "scipy", "pyqir", "qirrunner", "qdk", "pulser")


def test_the_server_does_not_load_what_only_workers_need() -> None:
    """Qiskit crashes in threads that end, and takes a second; the server has no use for it."""
    program = "import azure_quantum_emulator.server, sys; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "azure_quantum_emulator.runner" in loaded
    assert not set(HEAVY) & set(loaded)
