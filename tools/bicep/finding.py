"""Findings of the checks: a problem and its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file."""

    path: Path
    line: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A problem: its place, a message and a remedy."""

    place: Place
    text: str

    def show(self, root: Path) -> str:
        """Return it as one line, with the path below *root* if it is there."""
        path = self.place.path
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        return f"{shown}:{self.place.line}: {self.text}"
