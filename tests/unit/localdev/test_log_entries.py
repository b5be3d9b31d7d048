"""What `up` shows of a log: the failures of algorithms."""

from __future__ import annotations

from pathlib import Path

from localdev.commands.up import ALGORITHMS_LOGGER
from localdev.terminal.log_entries import LogEntries
from qjobs.adapters import algorithm_pool

HEAD = "2026-11-29 18:47:33,033"
LOGGER = ALGORITHMS_LOGGER


def test_the_logger_is_that_of_the_algorithms() -> None:
    """It reports each failure with the traceback of the child process."""
    assert algorithm_pool.__name__ == LOGGER


def test_only_the_entries_asked_for_are_shown_and_whole(tmp_path: Path) -> None:
    """The traceback below an entry belongs to it; other loggers and levels do not."""
    log = tmp_path / "functions.log"
    entries = LogEntries(log, LOGGER, "ERROR")
    assert list(entries.ended()) == []

    log.write_text(
        f"{HEAD} INFO {LOGGER}: well\n"
        f"{HEAD} ERROR {LOGGER}: It failed.\nTraceback\n  File x\n"
        f"{HEAD} ERROR another.logger: no\n  below\n"
        f"{HEAD} ERROR {LOGGER}: Again.\n"
    )

    assert list(entries.ended()) == ["It failed.\nTraceback\n  File x"]
    assert list(entries.ended()) == ["Again."]
    assert list(entries.ended()) == []


def test_an_entry_may_come_in_pieces(tmp_path: Path) -> None:
    """Another process writes it while this one looks, in the middle of a line or of a character."""
    log = tmp_path / "functions.log"
    log.write_text("before it began\n")
    entries = LogEntries(log, LOGGER, "ERROR")
    text = f"{HEAD} ERROR {LOGGER}: Schluss für heute.\nTraceback\n".encode()

    shown = []
    with log.open("ab") as file:
        for place in range(0, len(text), 7):
            file.write(text[place : place + 7])
            file.flush()
            shown += list(entries.ended())
    shown += list(entries.ended())

    assert "\n".join(shown) == "Schluss für heute.\nTraceback"
