from __future__ import annotations

import pytest

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import records
from azure_quantum_emulator.programs.records import Container, Leaf, ResultRecord, ValueRecord

NESTED = records.build(
    [
        Container("tuple", 2),
        Container("array", 2),
        ResultRecord(2, "a"),
        ResultRecord(0, "b"),
        Container("tuple", 1),
        ResultRecord(1, "c"),
    ]
)


def test_records_are_a_tree_in_prefix_notation() -> None:
    """A container takes as many of the following records as it announces, whole subtrees each."""
    assert NESTED.outcome(0b100) == {"Item1": [1, 0], "Item2": {"Item1": 0}}


def test_results_without_a_container_are_an_array() -> None:
    """A bare list of results reads as an array, a single one as itself."""
    assert records.build([ResultRecord(1), ResultRecord(0)]).outcome(0b01) == [0, 1]
    assert records.build([ResultRecord(0)]).outcome(0b1) == 1


def test_values_stand_beside_results() -> None:
    """What a program computed is recorded as it is."""
    calls: list[Container | Leaf] = [
        Container("tuple", 3),
        ValueRecord(-3),
        ValueRecord(value=True),
        ResultRecord(0),
    ]
    assert records.build(calls).outcome(0b1) == {"Item1": -3, "Item2": True, "Item3": 1}


def test_leaves_come_in_the_order_they_were_recorded() -> None:
    """The leaves of a tree are its results, whatever contains them."""
    assert [leaf.label for leaf in records.leaves(NESTED)] == ["a", "b", "c"]


def test_a_container_needs_its_items() -> None:
    """A container that announces more than follows is refused."""
    with pytest.raises(ProgramError, match="tuple of 2 items has only 1"):
        records.build([Container("tuple", 2), ResultRecord(0)])


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (1, "1"),
        (-7, "-7"),
        (True, "true"),
        (0.5, "0.5"),
        ([], "[]"),
        ([0, 1], "[0, 1]"),
        ({"Item1": 1, "Item2": 0}, "(1, 0)"),
        ({"Item1": [0], "Item2": [0, 1]}, "([0], [0, 1])"),
    ],
)
def test_outcomes_are_displayed_as_the_service_does(outcome: records.Outcome, shown: str) -> None:
    """Arrays stand in brackets, tuples in parentheses."""
    assert records.display(outcome) == shown
