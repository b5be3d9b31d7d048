from __future__ import annotations

import io

import pytest
from rich.console import Console

from tools.figures import Baseline, Figure, Target, p95, table


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [
        (15.0, Target(15), True),
        (15.1, Target(15), False),
        (15.0, Target(15, at_least=True), True),
        (14.9, Target(15, at_least=True), False),
        (1.0, None, None),
    ],
)
def test_a_target_is_met_or_not(value: float, target: Target | None, met: bool | None) -> None:
    """The limit itself still counts as met."""
    assert Figure("any", value, "ms", None, target).met is met


def test_a_missed_target_stands_out() -> None:
    """The table shows figure, baseline, target and verdict in one row."""
    printed = io.StringIO()
    figure = Figure("submit, median", 20.25, "ms", Baseline(3, "the host"), Target(15))
    Console(file=printed, width=120).print(table([figure]))
    row = " ".join(printed.getvalue().splitlines()[1].split())
    assert row == "submit, median 20.2 ms 3.0 <= 15.0 MISSED the host"


def test_json_has_everything_the_table_has() -> None:
    """What a script reads is what a person reads."""
    assert Figure(
        "jobs/s", 20, "/s", Baseline(40, "storage"), Target(15, at_least=True)
    ).to_json() == {
        "name": "jobs/s",
        "value": 20,
        "unit": "/s",
        "baseline": {"value": 40, "what": "storage"},
        "target": {"value": 15, "at_least": True},
        "met": True,
    }


def test_the_95th_percentile_ignores_the_worst_few() -> None:
    """One slow call in a hundred does not decide."""
    assert p95([1.0] * 99 + [1000.0]) == 1.0
