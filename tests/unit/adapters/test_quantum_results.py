from __future__ import annotations

from typing import Any

import pytest

from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.errors import ProviderRejectedError


@pytest.mark.parametrize(
    ("outcome", "reading"),
    [
        ([0, 1, 1], "011"),
        ([[1], [0, 1]], "101"),  # registers, the last one first
        (([1], [0]), "10"),
        ([1], "1"),
        (1, "1"),
    ],
)
def test_an_outcome_is_a_reading_in_qiskits_order(outcome: object, reading: str) -> None:
    """Bits come as the provider lists them: the last bit of the last register first."""
    assert counts_of({"x": {"outcome": outcome, "count": 3}}).readings == {reading: 3}


@pytest.mark.parametrize("lost", ["-", 2])
def test_a_shot_with_a_lost_qubit_says_nothing(lost: object) -> None:
    """Readings that are neither 0 nor 1 are left out, and the total shows it."""
    histogram = {
        "a": {"outcome": [0, 1], "count": 5},
        "b": {"outcome": [lost, 1], "count": 2},
    }

    assert counts_of(histogram).readings == {"01": 5}


@pytest.mark.parametrize("histogram", [{"a": 1}, {"a": {}}, {"a": {"outcome": [0]}}])
def test_another_form_is_refused(histogram: dict[str, Any]) -> None:
    """What is no histogram is the provider's fault, and not ours to guess."""
    with pytest.raises(ProviderRejectedError):
        counts_of(histogram)
