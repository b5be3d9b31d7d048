"""Ends the process groups of a supervisor that died without stopping them.

Nothing runs in a process that gets SIGKILL, so a helper process outlives it for a moment: it reads
a pipe whose other end only the supervisor holds, and when the pipe closes it kills the groups it
was last told of. This works on any POSIX system, reaches grandchildren and does not depend on the
thread a part was started from, none of which is true of Linux's parent-death signal.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from functools import cache


class Lifeline:
    """The supervisor's end of the pipe; one per process is enough."""

    def __init__(self) -> None:
        self._helper = subprocess.Popen(  # noqa: S603 - this very file
            # Isolated and without site-packages: it starts in a few milliseconds.
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )

    @staticmethod
    @cache
    def shared() -> Lifeline:
        """Return the lifeline of this process, starting its helper when first asked."""
        return Lifeline()

    def hold(self, group: int) -> None:
        """Have *group* killed when this process dies."""
        self._tell(f"+{group}\n")

    def release(self, group: int) -> None:
        """Forget *group*: it has ended."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        stdin = self._helper.stdin
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(line.encode())


def main() -> None:
    """Follow the pipe on standard input to its end, then kill what is still held."""
    held: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        (held.add if line[0] == "+" else held.discard)(group)
    for group in held:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
