from __future__ import annotations

import json

import pytest

from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.errors import ProviderRejectedError


def output(*entries: tuple[object, int]) -> bytes:
    """Return an output with these outcomes and counts."""
    histogram = [{"Outcome": outcome, "Count": count} for outcome, count in entries]
    return json.dumps({"Results": [{"Histogram": histogram, "Shots": []}]}).encode()


@pytest.mark.parametrize(
    ("outcome", "reading"),
    [
        ([0, 1, 1], "011"),
        ({"Item1": [1], "Item2": [0, 1]}, "101"),  # registers, the last one first
        ([[1], [0]], "10"),
        ([1], "1"),
        (1, "1"),
    ],
)
def test_an_outcome_is_a_reading_in_qiskits_order(outcome: object, reading: str) -> None:
    """Bits come as the provider lists them: the last bit of the last register first."""
    assert counts_of(output((outcome, 3))).readings == {reading: 3}


@pytest.mark.parametrize("lost", ["-", 2])
def test_a_shot_with_a_lost_qubit_says_nothing(lost: object) -> None:
    """Readings that are neither 0 nor 1 are left out, and the total shows it."""
    assert counts_of(output(([0, 1], 5), ([lost, 1], 2))).readings == {"01": 5}


@pytest.mark.parametrize(
    "other", [{}, {"Results": []}, {"Results": [{}]}, {"Results": [{"Histogram": [{}]}]}, [], None]
)
def test_another_form_is_refused(other: object) -> None:
    """What is no histogram is the provider's fault, and not ours to guess."""
    with pytest.raises(ProviderRejectedError):
        counts_of(json.dumps(other).encode())


def test_what_is_no_json_is_refused() -> None:
    """Nor is anything else."""
    with pytest.raises(ProviderRejectedError):
        counts_of(b"\xff")
