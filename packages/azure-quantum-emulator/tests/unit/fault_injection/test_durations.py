"""Durations and delays."""

from __future__ import annotations

import math
from random import Random
from statistics import fmean
from typing import Any

import pytest

from azure_quantum_emulator.fault_injection.durations import (
    DELAY,
    DURATION,
    LONGEST,
    Delay,
    seconds,
)
from azure_quantum_emulator.fault_injection.validation import SettingsError, check

DRAWS = 20_000
RANDOM_DELAYS = [
    {"distribution": "uniform", "low": "1s", "high": "3s"},
    {"distribution": "exponential", "mean": "20m"},
    {"distribution": "normal", "mean": "10s", "deviation": "2s"},
    {"distribution": "lognormal", "median": "2h", "sigma": 0.5},
]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("250ms", 0.25),
        ("3s", 3),
        ("20m", 1200),
        ("2h", 7200),
        ("13d", 1_123_200),
        ("0.5 h", 1800),
        (1.5, 1.5),
        (0, 0),
        ("1000000d", LONGEST),
        (1e300, LONGEST),
    ],
)
def test_durations(written: float | str, expected: float) -> None:
    """A number is seconds, a text has a unit, and a century is the most."""
    check(written, DURATION)
    assert seconds(written) == expected


@pytest.mark.parametrize("written", ["3", "3 parsecs", "-3s", "s", "", "3s ago", "1e3s", "٣s"])
def test_texts_that_are_no_durations(written: str) -> None:
    """The message says which units there are."""
    with pytest.raises(SettingsError, match="units ms, s, m, h, d"):
        check(written, DURATION)
    with pytest.raises(ValueError, match="units ms, s, m, h, d"):
        seconds(written)


@pytest.mark.parametrize("value", [-1, True, None, [], -0.001])
def test_other_values_that_are_no_durations(value: object) -> None:
    """The message shows durations."""
    with pytest.raises(SettingsError, match="'250ms', '2h' or '13d'"):
        check(value, DURATION)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"distribution": "cauchy"}, "/distribution: 'cauchy' is unknown; allowed is uniform, exp"),
        ({"mean": 1}, "'distribution' is a required property"),
        ({"distribution": "uniform", "low": 1}, "'high' is a required property"),
        ({"distribution": "uniform", "low": 1, "high": "x"}, "/high: 'x' is not a number with"),
        ({"distribution": "exponential", "mean": 1, "sd": 2}, "sd: unknown; allowed is distr"),
        ({"distribution": "lognormal", "median": 1, "sigma": "1s"}, "/sigma: '1s' is not a number"),
        ({"distribution": "normal", "mean": -1, "deviation": 1}, "/mean: -1 is not a duration"),
        (["2h"], "is not a duration"),
    ],
)
def test_what_is_no_delay(value: object, message: str) -> None:
    """The message names the parameter and what may be in it."""
    with pytest.raises(SettingsError) as caught:
        check(value, DELAY)
    assert message in str(caught.value)


def test_a_fixed_delay_leaves_nothing_to_chance() -> None:
    """It does not use the generator either, so others draw the same with and without it."""
    random = Random(1)
    before = random.getstate()
    assert Delay.from_json("2h").draw(random) == 7200
    assert random.getstate() == before


@pytest.mark.parametrize(
    ("value", "mean", "deviation"),
    [
        (RANDOM_DELAYS[0], 2, 1 / math.sqrt(3)),
        (RANDOM_DELAYS[1], 1200, 1200),
        (RANDOM_DELAYS[2], 10, 2),
        (
            RANDOM_DELAYS[3],
            7200 * math.exp(0.125),
            7200 * math.sqrt(math.exp(0.25) * (math.exp(0.25) - 1)),
        ),
    ],
)
def test_draws_have_the_mean_of_their_distribution(
    value: dict[str, Any], mean: float, deviation: float
) -> None:
    """The mean of many is within five standard errors, as in all but one of a million cases."""
    random = Random(7)
    delay = Delay.from_json(value)
    drawn = [delay.draw(random) for _ in range(DRAWS)]
    assert abs(fmean(drawn) - mean) < 5 * deviation / math.sqrt(DRAWS)


def test_draws_stay_within_their_range() -> None:
    """A uniform delay lies between its ends, and no delay is negative or endless."""
    random = Random(3)
    uniform = Delay.from_json(RANDOM_DELAYS[0])
    assert all(1 <= uniform.draw(random) <= 3 for _ in range(1000))
    wild = [
        Delay.from_json({"distribution": "normal", "mean": 0, "deviation": "1h"}),
        Delay.from_json({"distribution": "lognormal", "median": 1, "sigma": 1e6}),
    ]
    drawn = [delay.draw(random) for delay in wild for _ in range(1000)]
    assert min(drawn) == 0
    assert max(drawn) == LONGEST


@pytest.mark.parametrize("value", RANDOM_DELAYS)
def test_a_seed_repeats_what_is_drawn(value: dict[str, Any]) -> None:
    """And another seed draws something else."""
    delay = Delay.from_json(value)
    once, again, other = ([delay.draw(random)] * 3 for random in map(Random, (5, 5, 6)))
    assert once == again != other


@pytest.mark.parametrize("value", [0.25, "13d", *RANDOM_DELAYS])
def test_a_delay_is_shown_as_it_may_be_written(value: object) -> None:
    """Reading what was shown gives the same delay."""
    delay = Delay.from_json(value)
    check(delay.to_json(), DELAY)
    assert Delay.from_json(delay.to_json()) == delay
