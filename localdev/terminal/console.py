"""Console output of the commands; plain text if it is no terminal."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

_STYLES = ("cyan", "magenta", "green", "yellow", "blue")
_PLAIN_WIDTH = 120  # columns where there is no terminal: a log shows tables whole
_PERIOD = 0.1  # seconds between two looks at a log


class LogFollower:
    """Copies the logs of the parts to the terminal as they grow, each line after the part's name.

    The parts write to files and never to a pipe of ours: nothing can block or kill them by not
    reading it.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ended = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def __call__(self, name: str, log: Path) -> None:
        """Follow the *log* of the part *name*, from where it ends now."""
        if name in self._threads:
            return  # started again, into the same log
        style = _STYLES[len(self._threads) % len(_STYLES)]
        thread = threading.Thread(target=self._follow, args=(name, log, style), daemon=True)
        self._threads[name] = thread
        thread.start()

    def close(self) -> None:
        """Print the remaining lines and end."""
        self._ended.set()
        for thread in self._threads.values():
            thread.join()

    def _follow(self, name: str, log: Path, style: str) -> None:
        with log.open(encoding="utf-8", errors="replace") as lines:
            ended = False
            while not ended:
                ended = self._ended.wait(_PERIOD)
                for line in lines:
                    prefix = Text(f"{name:>9} | ", style=style)
                    self._console.print(prefix + Text(line.rstrip("\n")), soft_wrap=True)


def output() -> Console:
    """Return the console for the output of a command."""
    return Console(highlight=False, width=_width(sys.stdout))


def notes() -> Console:
    """Return the console for progress and failures, on standard error."""
    return Console(stderr=True, highlight=False, width=_width(sys.stderr))


def _width(stream: TextIO) -> int | None:
    """Return the width of lines: that of a terminal, or the same everywhere if it is none."""
    return None if stream.isatty() else _PLAIN_WIDTH
