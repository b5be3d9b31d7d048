"""Readings are compared with all solutions, and with chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import AlgorithmError
from qjobs.methods.spectrum import Sampled, Solutions, Spectrum, optimisation

NAN = float("nan")
SPECTRUM = Spectrum(np.array([3.0, 1.0, NAN, 1.0, 8.0, 5.0, NAN, 3.0]))
LARGEST = Spectrum(np.array([3.0, 1.0, NAN, 1.0, 8.0, 5.0, NAN, 3.0]), maximised=True)
KIND = Solutions("schedule", "schedules")


def test_best_and_worst_are_of_the_feasible() -> None:
    """Which end is the best depends on the problem."""
    assert (SPECTRUM.best, SPECTRUM.worst, SPECTRUM.optimal_share()) == (1, 8, 2 / 6)
    assert (LARGEST.best, LARGEST.worst, LARGEST.optimal_share()) == (8, 1, 1 / 6)


def test_a_gap_is_relative_to_the_best_or_else_to_the_range() -> None:
    """An optimum has none, and rounding makes none."""
    assert SPECTRUM.gap(3) == 2
    assert SPECTRUM.gap(1 + 1e-12) == 0
    assert LARGEST.gap(5) == pytest.approx(3 / 8)
    assert Spectrum(np.array([0.0, 4.0])).gap(1) == 0.25


@pytest.mark.parametrize("spectrum", [SPECTRUM, LARGEST])
def test_the_best_by_chance_is_the_mean_of_many_draws(spectrum: Spectrum) -> None:
    """Within four standard errors of 20,000 draws; one draw is the mean of all."""
    chance = np.random.default_rng(3)
    draws = chance.choice(spectrum.feasible, (20000, 3))
    best = draws.max(axis=1) if spectrum.maximised else draws.min(axis=1)

    error = best.std() / np.sqrt(len(best))
    assert spectrum.best_by_chance(3) == pytest.approx(best.mean(), abs=4 * error)
    assert spectrum.best_by_chance(1) == pytest.approx(spectrum.feasible.mean())
    assert spectrum.best_by_chance(10**6) == pytest.approx(spectrum.best)


def test_infeasible_readings_are_counted_and_left_out() -> None:
    """They have no part in the mean, and the best is the most frequent of the optimal ones."""
    sampled = Sampled.of(Counts({"001": 2, "011": 3, "010": 4, "100": 1, "111": 0}), SPECTRUM)

    assert sampled.best == "011"
    assert (sampled.total, sampled.feasible, sampled.optimal) == (10, 6, 5)
    assert sampled.mean == pytest.approx((5 * 1 + 8) / 6)
    assert sampled.readings(SPECTRUM)["feasible"] == 0.6


@given(st.lists(st.sampled_from(["000", "001", "011", "100", "101"]), min_size=1))
def test_a_mean_is_never_certain(readings: list[str]) -> None:
    """A single reading, or equal ones, leave an error."""
    sampled = Sampled.of(Counts({one: readings.count(one) for one in readings}), SPECTRUM)

    assert sampled.error > 0


def test_the_error_of_a_mean_is_its_spread() -> None:
    """Over 400 repetitions of 200 readings the errors are as large as announced."""
    chance = np.random.default_rng(5)
    shares = {"000": 0.2, "001": 0.5, "100": 0.3}
    mean = 0.2 * 3 + 0.5 * 1 + 0.3 * 8
    errors = []
    for _ in range(400):
        drawn = chance.multinomial(200, list(shares.values())).tolist()
        sampled = Sampled.of(Counts(dict(zip(shares, drawn, strict=True))), SPECTRUM)
        errors.append((sampled.mean - mean) / sampled.error)

    assert np.std(errors) == pytest.approx(1, abs=0.15)
    assert abs(np.mean(errors)) < 0.2


def test_without_a_feasible_reading_there_is_no_answer() -> None:
    """The reason says how many there were."""
    with pytest.raises(AlgorithmError, match="None of the 7 readings is feasible"):
        Sampled.of(Counts({"010": 7}), SPECTRUM)


@pytest.mark.parametrize(
    ("optimal", "shown"), [(0, "NotShown"), (33, "NotShown"), (44, "NotShown"), (60, "Shown")]
)
def test_more_optima_than_chance_are_shown_beyond_doubt(optimal: int, shown: str) -> None:
    """A third of 100 random readings are optimal, by chance 44 or more in 1 of 60 cases."""
    counts = Counts({"001": optimal, "100": 100 - optimal})

    readings = Sampled.of(counts, SPECTRUM).readings(SPECTRUM)

    assert readings["betterThanChance"] == shown
    assert (readings["chance"] < 0.001) == (shown == "Shown")


def test_only_an_optimum_is_verified() -> None:
    """Else the reason has the better value."""
    found = optimisation(SPECTRUM, 1.0, 10, KIND)
    missed = optimisation(SPECTRUM, 3.0, 10, KIND)

    assert (found["verified"]["status"], found["gap"], found["bound"]) == ("Verified", 0, 1)
    assert "all 6 schedules" in found["verified"]["reason"]
    assert missed["verified"]["status"] == "NotVerified"
    assert "a better schedule, of 1" in missed["verified"]["reason"]


def test_histograms_of_readings_and_of_chance_have_the_same_bins() -> None:
    """From the least value to the greatest, each with a sum of 1."""
    by_chance = SPECTRUM.histogram()
    sampled = Sampled.of(Counts({"001": 3, "100": 1, "010": 9}), SPECTRUM)

    assert (by_chance[0], by_chance[-1]) == (2 / 6, 1 / 6)
    assert (sampled.histogram[0], sampled.histogram[-1]) == (0.75, 0.25)
    assert sum(by_chance) == sum(sampled.histogram) == pytest.approx(1)
    assert LARGEST.histogram() == by_chance


def test_the_most_frequent_readings_are_kept() -> None:
    """Feasible ones alone, the most frequent first, at most 30."""
    spectrum = Spectrum(np.arange(64.0))
    counts = Counts({f"{number:06b}": number for number in range(64)})

    assert list(Sampled.of(counts, spectrum).frequent.values()) == list(range(63, 33, -1))
    assert Sampled.of(Counts({"010": 9, "100": 1}), SPECTRUM).frequent == {"100": 1}
