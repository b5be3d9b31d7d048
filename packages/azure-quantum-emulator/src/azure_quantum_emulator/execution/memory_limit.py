"""The limit of memory of a program, by the operating system.

An allocation beyond it fails: in Python with a MemoryError, in native code often with the end of
the process.
"""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")
_DATA = re.compile(r"^VmData:\s*(\d+) kB$", re.MULTILINE)


@contextmanager
def of(mebibytes: int | None) -> Iterator[None]:
    """Let the block allocate so much more than this process has now; None is no limit.

    Where the system does not tell how much that is, as on macOS, there is no limit.
    """
    allocated = _allocated()
    if mebibytes is None or allocated is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (allocated + (mebibytes << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _allocated() -> int | None:
    """Return the bytes of data that this process has reserved; None if they are not told."""
    if not _STATUS.exists():
        return None
    found = _DATA.search(_STATUS.read_text(encoding="ascii", errors="replace"))
    return int(found[1]) << 10 if found else None
