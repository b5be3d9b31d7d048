from __future__ import annotations

import pytest

from localdev.emulator.programs import records

NESTED = records.build(
    [("tuple", 2), ("array", 2), ("result", 2), ("result", 0), ("tuple", 1), ("result", 1)]
)


def test_records_are_a_tree_in_prefix_notation() -> None:
    """A container takes as many of the following records as it announces, whole subtrees each."""
    assert NESTED.outcome(0b100) == {"Item1": [1, 0], "Item2": {"Item1": 0}}


def test_results_without_a_container_are_an_array() -> None:
    """A bare list of results reads as an array, a single one as itself."""
    assert records.build([("result", 1), ("result", 0)]).outcome(0b01) == [0, 1]
    assert records.build([("result", 0)]).outcome(0b1) == 1


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (1, "1"),
        ([], "[]"),
        ([0, 1], "[0, 1]"),
        ({"Item1": 1, "Item2": 0}, "(1, 0)"),
        ({"Item1": [0], "Item2": [0, 1]}, "([0], [0, 1])"),
    ],
)
def test_outcomes_are_displayed_as_the_service_does(outcome: records.Outcome, shown: str) -> None:
    """Arrays stand in brackets, tuples in parentheses."""
    assert records.display(outcome) == shown
