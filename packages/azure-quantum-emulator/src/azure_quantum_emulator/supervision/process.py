"""One supervised process: its group, its log, its end.

A process runs in a group of its own, so a Ctrl-C in the terminal reaches the supervisor alone and
stopping it takes whatever it started along. `lifeline` ends the group when the supervisor dies.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from azure_quantum_emulator.supervision.free_space import MEGABYTE, shortage
from azure_quantum_emulator.supervision.lifeline import Lifeline

POLL = 0.02  # seconds between two looks at a process that is starting or stopping
TAIL_SIZE = 262_144  # bytes of a log that are searched for its last lines
GRACE = 8.0  # seconds between asking a process to stop and ending it

# A request that was answered well, or that asked a queue for messages before there was a queue, in
# an access log: polling alone writes a few every second.
_ANSWERED = re.compile(
    r'"(?:[A-Z]+ \S+ HTTP/[\d.]+" [23]\d\d|GET \S+/messages\S* HTTP/[\d.]+" 404)\b'
)


class ProcessError(Exception):
    """A supervised process that did not start, or ended too early."""

    def __init__(self, process: Process, what: str) -> None:
        self.name = process.name
        tail = "\n".join(f"  {line}" for line in process.tail()) or "  (it printed nothing)"
        full = shortage(process.log.parent, MEGABYTE)
        reason = f"; {full}" if full else ""
        super().__init__(f"{process.name} {what}{reason}; the last lines of {process.log}:\n{tail}")


class Process:
    """A started subprocess, writing both its streams to *log*."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._popen = subprocess.Popen(  # noqa: S603 - the commands are this project's own
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=env,
                process_group=0,
            )
        Lifeline.shared().hold(self.pid)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._popen.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs, then what it exited with (negative: the signal that ended it)."""
        return self._popen.poll()

    def output(self) -> str:
        """Return the output of this run so far."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def tail(self, lines: int = 12) -> list[str]:
        """Return the last *lines* it printed, without requests that were answered well."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, end - TAIL_SIZE))
            printed = log.read().decode(errors="replace").splitlines()
        return [line for line in printed if not _ANSWERED.search(line)][-lines:]

    def wait_until[T](self, ready: Callable[[], T | None], timeout: float) -> T:
        """Return the first result of *ready* that is not None.

        Raises:
            ProcessError: the process ended, or *timeout* seconds passed, before that.

        """
        deadline = time.monotonic() + timeout
        while (found := ready()) is None:
            if self.exit_status is not None:
                raise self.death_error()
            if time.monotonic() > deadline:
                raise ProcessError(self, f"was not ready after {timeout:g} s")
            time.sleep(POLL)
        return found

    def death_error(self) -> ProcessError:
        """Describe the end of a process that should still be running."""
        status = self.exit_status
        if status is not None and status < 0:
            return ProcessError(self, f"was ended by {signal.Signals(-status).name}")
        return ProcessError(self, f"exited with status {status}")

    def stop(self, grace: float = GRACE) -> None:
        """Ask it to stop, and end its whole group after *grace* seconds."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(grace)
        self.kill()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process; its children are its own to stop."""
        if self.exit_status is None:
            self._popen.terminate()

    def kill(self) -> None:
        """End the process and everything left in its group at once."""
        # The group keeps its id while any member lives, so it cannot be somebody else's; when
        # none does, there is nobody to signal.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        Lifeline.shared().release(self.pid)
