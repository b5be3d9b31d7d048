"""The refusal of a caller's program: place and reason, with nothing of a compiler unfiltered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qjobs.domain.errors import excerpt

_LONGEST = 160
"""Characters of a compiler's message: names in it are as long as their author made them."""
_LONGEST_NAME = 40
_UNPRINTABLE = re.compile(r"[^ -~]+")
_PATH = re.compile(r"(?:[\w.~-]*[/\\]+)+[\w.~-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column in a program, both from 1."""

    line: int
    column: int

    @classmethod
    def at(cls, source: bytes, offset: int) -> Place:
        """Return the place of a byte of a program in UTF-8; the column counts characters."""
        before = source[: max(offset, 0)]
        last = before.rpartition(b"\n")[2]
        return cls(before.count(b"\n") + 1, len(last.decode(errors="replace")) + 1)


class ProgramRefusedError(Exception):
    """A program that is not run, with the reason in a sentence."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place

    @property
    def sentence(self) -> str:
        """The reason, after the place if it is known."""
        if self.place is None:
            return f"{self.reason[:1].upper()}{self.reason[1:]}"
        return f"Line {self.place.line}, column {self.place.column}: {self.reason}"


def filtered(message: str) -> str:
    """Return the first line of a compiler's message, short, in ASCII and without paths."""
    line = message.strip().partition("\n")[0]
    text = _PATH.sub("(path)", _UNPRINTABLE.sub("?", excerpt(line, 4 * _LONGEST)))
    return excerpt(text, _LONGEST).rstrip(".") + "."


def shortened(name: str) -> str:
    """Return a name as one line of 40 characters at most."""
    return _UNPRINTABLE.sub("?", excerpt(name, _LONGEST_NAME)).strip()
