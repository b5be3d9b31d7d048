"""Entries of a Python log as it grows: a line with time, level and logger, and those below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_HEAD = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (?P<level>[A-Z]+) (?P<logger>[\w.]+): (?P<text>.*)"
)


class LogEntries:
    """The entries of one logger from a level in a file that another process writes to."""

    def __init__(self, log: Path, logger: str, level: str) -> None:
        """Begin where the *log* ends now; it may not be there yet."""
        self._log, self._wanted = log, (level, logger)
        self._position = log.stat().st_size if log.exists() else 0
        self._entry: list[str] = []
        """What has come of an entry that may go on."""

    def ended(self) -> Iterator[str]:
        """Yield the entries since the last call that are complete.

        An entry is complete when nothing was added to it between two calls.
        """
        lines = self._new_lines()
        if not lines and self._entry:
            yield self._take()
        for line in lines:
            if head := _HEAD.fullmatch(line):
                if self._entry:
                    yield self._take()
                if (head["level"], head["logger"]) == self._wanted:
                    self._entry = [head["text"]]
            elif self._entry:
                self._entry.append(line)

    def _take(self) -> str:
        text, self._entry = "\n".join(self._entry).rstrip(), []
        return text

    def _new_lines(self) -> list[str]:
        if not self._log.exists() or self._log.stat().st_size <= self._position:
            return []
        with self._log.open("rb") as file:
            file.seek(self._position)
            added = file.read()
        # The rest of a line comes with the next look.
        whole, newline, _ = added.rpartition(b"\n")
        self._position += len(whole) + len(newline)
        return whole.decode("utf-8", errors="replace").split("\n") if newline else []
