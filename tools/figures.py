"""Measured figures, each with a baseline and a target, and the table of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Baseline:
    """Baseline of a figure: the best value that is possible without this project."""

    value: float
    what: str
    """What was measured, in a word or two."""


@dataclass(frozen=True, slots=True)
class Target:
    """Target value of a figure."""

    value: float
    at_least: bool = False
    """More is better; otherwise less is."""

    def met(self, value: float) -> bool:
        """Return whether *value* reaches the target."""
        return value >= self.value if self.at_least else value <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {_number(self.value)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number."""

    name: str
    value: float
    unit: str
    baseline: Baseline | None = None
    target: Target | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        return None if self.target is None else self.target.met(self.value)

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self) | {"met": self.met}


def columns(first: str, *numbers: str) -> Table:
    """Return an empty table: a column of text, then columns of numbers."""
    result = Table(box=None, pad_edge=False, header_style="bold")
    result.add_column(first, overflow="fold")
    for heading in numbers:
        result.add_column(heading, justify="right", no_wrap=True)
    return result


def table(figures: Sequence[Figure]) -> Table:
    """Return *figures* as a table."""
    result = columns("figure", "measured", "baseline", "target")
    result.add_column("")
    result.add_column("the baseline is", style="dim", overflow="fold")
    for figure in figures:
        result.add_row(
            figure.name,
            f"{_number(figure.value)} {figure.unit}",
            _number(figure.baseline.value) if figure.baseline else "",
            str(figure.target) if figure.target else "",
            _VERDICTS[figure.met],
            figure.baseline.what if figure.baseline else "",
        )
    return result


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


_VERDICTS = {
    None: Text(),
    True: Text("met", style="green"),
    False: Text("MISSED", style="bold red"),
}
_WHOLE_FROM = 100  # numbers from here on are shown without decimals


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= _WHOLE_FROM else f"{value:.1f}"
