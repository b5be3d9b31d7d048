"""A lock file that a running command holds, so that a second one in the same place is told."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_GLANCE = 0.1  # seconds; `is_free` holds a lock for less


class RunningError(Exception):
    """Another process holds the lock."""

    def __init__(self, file: Path, pid: str) -> None:
        super().__init__(f"process {pid or 'unknown'} holds {file}")
        self.pid = pid or "of unknown id"
        """Of the process that holds it."""


@contextlib.contextmanager
def hold(file: Path) -> Iterator[None]:
    """Hold the lock *file* inside the `with` block.

    The system gives it back however the process ends. The file stays: who removes a lock file may
    remove one that somebody else has just locked.

    Raises:
        RunningError: another process holds it.

    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="ascii") as lock:
        if not _taken(lock, fcntl.LOCK_EX):
            time.sleep(_GLANCE)
            if not _taken(lock, fcntl.LOCK_EX):
                lock.seek(0)
                raise RunningError(file, lock.read().strip())
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def is_free(file: Path) -> bool:
    """Tell whether there is a lock *file* that is not held: its process has ended."""
    try:
        lock = file.open(encoding="ascii")
    except FileNotFoundError:
        return False
    with lock:
        return _taken(lock, fcntl.LOCK_SH)


def _taken(lock: TextIO, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
