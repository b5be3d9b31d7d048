"""Durations in settings, and delays: durations that are fixed or drawn from a distribution."""

from __future__ import annotations

import math
import re
from random import Random
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from azure_quantum_emulator.json_model import JsonModel

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
"""What each unit is worth."""

LONGEST_DAYS = 36_500
LONGEST = LONGEST_DAYS * SECONDS["d"]
"""Seconds: a century, so that every sum of a time and a duration is a time."""

_TEXT = rf"^([0-9]+(?:\.[0-9]+)?) ?({'|'.join(SECONDS)})$"


def seconds(duration: object) -> float:
    """Return a duration in seconds.

    Raises:
        ValueError: it is none, or too long; the message says how to write one.

    """
    given: float = -1
    if isinstance(duration, str) and (match := re.match(_TEXT, duration)):
        given = float(match[1]) * SECONDS[match[2]]
    elif isinstance(duration, int | float) and not isinstance(duration, bool):
        given = duration
    if given > LONGEST:
        raise ValueError(f"{duration!r} is too long: a duration has {LONGEST_DAYS} days at most.")
    if given >= 0:
        return float(given)
    raise ValueError(
        f"{duration!r} is not a duration: seconds as a number, or a text with one of the units "
        f"{', '.join(SECONDS)}, such as '250ms', '2h' or '13d'."
    )


Duration = Annotated[
    float,
    BeforeValidator(
        seconds,
        json_schema_input_type=Annotated[float, Field(ge=0, le=LONGEST)]
        | Annotated[str, Field(pattern=_TEXT)],
    ),
]
"""Seconds; in documents also a text with a unit."""


class Uniform(JsonModel):
    """Any duration from *low* to *high* is as probable as any other."""

    distribution: Literal["uniform"]
    low: Duration
    high: Duration

    def sample(self, random: Random) -> float:
        """Return seconds."""
        return random.uniform(self.low, self.high)


class Exponential(JsonModel):
    """The time between events that happen independently of each other."""

    distribution: Literal["exponential"]
    mean: Duration

    def sample(self, random: Random) -> float:
        """Return seconds."""
        return self.mean * random.expovariate(1.0)


class Normal(JsonModel):
    """A normal distribution, truncated below at zero."""

    distribution: Literal["normal"]
    mean: Duration
    deviation: Duration

    def sample(self, random: Random) -> float:
        """Return seconds, which may be less than none."""
        return random.normalvariate(self.mean, self.deviation)


class LogNormal(JsonModel):
    """A log-normal distribution; with sigma 1, two of three are within a factor e of the median."""

    distribution: Literal["lognormal"]
    median: Duration
    sigma: Annotated[float, Field(ge=0)]
    """The standard deviation of the logarithm."""

    def sample(self, random: Random) -> float:
        """Return seconds."""
        return self.median * math.exp(min(random.normalvariate(0, self.sigma), 700))


Distribution = Uniform | Exponential | Normal | LogNormal


def _tag(delay: Any) -> str:  # noqa: ANN401 - JSON, or a delay
    if isinstance(delay, dict):
        return str(delay.get("distribution"))
    return str(getattr(delay, "distribution", "fixed"))


Delay = Annotated[
    Annotated[Duration, Tag("fixed")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[LogNormal, Tag("lognormal")],
    Discriminator(
        _tag,
        custom_error_type="distribution",
        custom_error_message="distribution should be uniform, exponential, normal or lognormal",
    ),
]
"""A duration that is always the same, or the distribution it is drawn from."""


def draw(delay: float | Distribution, random: Random) -> float:
    """Return one duration in seconds; a fixed delay leaves the generator as it is."""
    if isinstance(delay, float):
        return delay
    return min(max(delay.sample(random), 0.0), LONGEST)
