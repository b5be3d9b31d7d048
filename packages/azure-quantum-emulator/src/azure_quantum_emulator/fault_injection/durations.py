"""Durations as people write them, and delays: durations that may be left to chance."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Self

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
"""What each unit is worth."""

LONGEST = 36_500 * SECONDS["d"]
"""Seconds; what is longer is cut, so that every sum of a time and a duration is a time."""

_TEXT = rf"^([0-9]+(?:\.[0-9]+)?) ?({'|'.join(SECONDS)})$"

DURATION: dict[str, Any] = {
    "if": {"type": "string"},
    "then": {
        "pattern": _TEXT,
        "description": f"a number with one of the units {', '.join(SECONDS)}, such as '250ms'",
    },
    "else": {
        "type": "number",
        "minimum": 0,
        "description": "a duration: seconds as a number, or a text such as '250ms', '2h' or '13d'",
    },
}
"""JSON schema of a duration."""


def seconds(duration: float | str) -> float:
    """Return a duration that fits the schema in seconds.

    Raises:
        ValueError: it does not fit.

    """
    if not isinstance(duration, str):
        return min(float(duration), LONGEST)
    match = re.match(_TEXT, duration)
    if match is None:
        raise ValueError(f"{duration!r} is not {DURATION['then']['description']}.")
    number, unit = match.groups()
    return min(float(number) * SECONDS[unit], LONGEST)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How durations are spread."""

    draw: Callable[..., float]
    """Of a generator and the parameters in their order."""
    parameters: dict[str, dict[str, Any]]
    """Their JSON schemas."""


_NUMBER = {"type": "number", "minimum": 0, "description": "a number that is not negative"}

DISTRIBUTIONS = {
    "uniform": Distribution(Random.uniform, {"low": DURATION, "high": DURATION}),
    "exponential": Distribution(
        lambda random, mean: mean * random.expovariate(1.0), {"mean": DURATION}
    ),
    # What would be less than no time is none.
    "normal": Distribution(Random.normalvariate, {"mean": DURATION, "deviation": DURATION}),
    # sigma is the standard deviation of the logarithm: with 1, two of three are within a factor e.
    "lognormal": Distribution(
        lambda random, median, sigma: median * math.exp(min(random.normalvariate(0, sigma), 700)),
        {"median": DURATION, "sigma": _NUMBER},
    ),
}
"""By their names in settings."""


def _schema_of(name: str, distribution: Distribution) -> dict[str, Any]:
    return {
        "if": {"properties": {"distribution": {"const": name}}, "required": ["distribution"]},
        "then": {
            "properties": {"distribution": True, **distribution.parameters},
            "required": list(distribution.parameters),
            "additionalProperties": False,
        },
    }


DELAY: dict[str, Any] = {
    "if": {"type": "object"},
    "then": {
        "properties": {"distribution": {"enum": list(DISTRIBUTIONS)}},
        "required": ["distribution"],
        "allOf": [_schema_of(name, which) for name, which in DISTRIBUTIONS.items()],
    },
    "else": DURATION,
}
"""JSON schema of a delay: a duration, or an object with a distribution and its parameters."""


@dataclass(frozen=True, slots=True)
class Delay:
    """A duration that is always the same, or drawn from a distribution."""

    parameters: tuple[float, ...]
    """Of the distribution, in its order; without one, the duration. In seconds where it is time."""
    distribution: str | None = None

    @classmethod
    def from_json(cls, value: Any) -> Self:  # noqa: ANN401 - JSON
        """Return the delay that *value*, which fits the schema, describes."""
        if not isinstance(value, dict):
            return cls((seconds(value),))
        name = value["distribution"]
        return cls(tuple(seconds(value[key]) for key in DISTRIBUTIONS[name].parameters), name)

    def to_json(self) -> float | dict[str, Any]:
        """Return it as settings hold it, in seconds."""
        if self.distribution is None:
            return self.parameters[0]
        names = DISTRIBUTIONS[self.distribution].parameters
        return {
            "distribution": self.distribution,
            **dict(zip(names, self.parameters, strict=True)),
        }

    def draw(self, random: Random) -> float:
        """Return one duration in seconds; a fixed delay leaves the generator as it is."""
        if self.distribution is None:
            return self.parameters[0]
        drawn = DISTRIBUTIONS[self.distribution].draw(random, *self.parameters)
        return min(max(drawn, 0.0), LONGEST)
