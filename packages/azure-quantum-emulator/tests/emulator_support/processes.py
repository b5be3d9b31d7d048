"""Waits for the end of processes."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from emulator_support.patience import PATIENCE


def gone(pid: int) -> bool:
    """Tell whether no process, or only its unreaped end, has the id *pid*."""
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True


def wait_gone(pid: int, timeout: float = PATIENCE) -> None:
    """Wait until *pid* is gone."""
    deadline = time.monotonic() + timeout
    while not gone(pid):
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.02)
