"""Durations and delays."""

from __future__ import annotations

import math
from random import Random
from statistics import fmean
from typing import Any

import pytest

from azure_quantum_emulator.fault_injection.durations import LONGEST, Delay, Duration, draw, seconds
from azure_quantum_emulator.json_model import DocumentError, JsonModel


class Example(JsonModel):
    """A document with what is tested."""

    duration: Duration = 0.0
    delay: Delay = 0.0


def delay_of(value: object) -> Delay:
    """Return the delay that JSON describes."""
    return Example.from_json({"delay": value}).delay


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
        ("36500d", LONGEST),
        (LONGEST, LONGEST),
    ],
)
def test_durations(written: float | str, expected: float) -> None:
    """A number is seconds, a text has a unit, and a century is the most."""
    assert Example.from_json({"duration": written}).duration == expected
    assert seconds(written) == expected


@pytest.mark.parametrize(
    "written", ["36501d", "1000000000000d", "9" * 400 + "ms", LONGEST + 1, 1e300, 10**18]
)
@pytest.mark.parametrize("member", ["duration", "delay"])
def test_what_is_longer_than_a_century_is_refused(member: str, written: float | str) -> None:
    """It is not cut in silence; the message names the limit."""
    with pytest.raises(DocumentError, match=rf"/{member}: .*a duration has 36500 days at most"):
        Example.from_json({member: written})


def test_nor_may_a_distribution_have_such_a_parameter() -> None:
    """What is drawn is cut, because a distribution has no end; what is written is not."""
    with pytest.raises(DocumentError, match=r"/delay/mean: .*36500 days at most"):
        delay_of({"distribution": "exponential", "mean": "40000d"})


@pytest.mark.parametrize("written", ["3", "3 parsecs", "-3s", "s", "", "3s ago", "1e3s", "٣s"])
def test_texts_that_are_no_durations(written: str) -> None:
    """The message says which units there are."""
    with pytest.raises(DocumentError, match=r"/duration: .*units ms, s, m, h, d"):
        Example.from_json({"duration": written})
    with pytest.raises(ValueError, match="units ms, s, m, h, d"):
        seconds(written)


@pytest.mark.parametrize("value", [-1, True, None, [], -0.001])
def test_other_values_that_are_no_durations(value: object) -> None:
    """The message shows durations."""
    with pytest.raises(DocumentError, match="'250ms', '2h' or '13d'"):
        Example.from_json({"duration": value})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"distribution": "cauchy"},
            "/delay: distribution should be uniform, exponential, normal or lognormal, not {",
        ),
        (
            {"mean": 1},
            "/delay: distribution should be uniform, exponential, normal or lognormal, not {",
        ),
        ({"distribution": "uniform", "low": 1}, "/delay: 'high' is a required member."),
        (
            {"distribution": "uniform", "low": 1, "high": "x"},
            "/delay/high: 'x' is not a duration: seconds",
        ),
        ({"distribution": "exponential", "mean": 1, "sd": 2}, "sd: unknown; allowed is distr"),
        (
            {"distribution": "lognormal", "median": 1, "sigma": "1s"},
            "/delay/sigma: Input should be a valid number, not '1s'.",
        ),
        (
            {"distribution": "normal", "mean": -1, "deviation": 1},
            "/delay/mean: -1 is not a duration",
        ),
        (["2h"], "is not a duration"),
    ],
)
def test_what_is_no_delay(value: object, message: str) -> None:
    """The message names the parameter and what may be in it."""
    with pytest.raises(DocumentError) as caught:
        delay_of(value)
    assert message in str(caught.value)


def test_a_fixed_delay_leaves_nothing_to_chance() -> None:
    """It does not use the generator either, so others draw the same with and without it."""
    random = Random(1)
    before = random.getstate()
    assert draw(delay_of("2h"), random) == 7200
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
    delay = delay_of(value)
    drawn = [draw(delay, random) for _ in range(DRAWS)]
    assert abs(fmean(drawn) - mean) < 5 * deviation / math.sqrt(DRAWS)


def test_draws_stay_within_their_range() -> None:
    """A uniform delay lies between its ends, and no delay is negative or endless."""
    random = Random(3)
    uniform = delay_of(RANDOM_DELAYS[0])
    assert all(1 <= draw(uniform, random) <= 3 for _ in range(1000))
    wild = [
        delay_of({"distribution": "normal", "mean": 0, "deviation": "1h"}),
        delay_of({"distribution": "lognormal", "median": 1, "sigma": 1e6}),
    ]
    drawn = [draw(delay, random) for delay in wild for _ in range(1000)]
    assert min(drawn) == 0
    assert max(drawn) == LONGEST


@pytest.mark.parametrize("value", RANDOM_DELAYS)
def test_a_seed_repeats_what_is_drawn(value: dict[str, Any]) -> None:
    """And another seed draws something else."""
    delay = delay_of(value)
    once, again, other = ([draw(delay, random)] * 3 for random in map(Random, (5, 5, 6)))
    assert once == again != other


@pytest.mark.parametrize("value", [0.25, "13d", *RANDOM_DELAYS])
def test_a_delay_is_shown_as_it_may_be_written(value: object) -> None:
    """Reading what was shown gives the same delay."""
    delay = delay_of(value)
    assert delay_of(Example(delay=delay).to_json()["delay"]) == delay
