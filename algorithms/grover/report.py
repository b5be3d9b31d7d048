"""The result of a search: the assignment, and the evidence that the amplification worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from algorithms.grover.amplification import Amplification
from algorithms.grover.condition import Condition
from algorithms.grover.picture import picture
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.methods import evidence
from qjobs.methods.statistics import Interval, chance_of_as_many, share_interval

MOST_READINGS = 16
"""That are listed."""
CHANCE = 0.001
"""Probability below which random readings do not explain the share of solutions."""


@dataclass(frozen=True, slots=True)
class Search:
    """A condition with its solutions, which had to be known to build the circuit."""

    condition: Condition
    solutions: Sequence[int]
    comparison: JSONObject
    """The classical search."""
    amplification: Amplification | None
    """None if none of the assignments is a solution, or every one."""

    @property
    def variables(self) -> int:
        """The number of variables."""
        return self.condition.variables

    @property
    def random_share(self) -> float:
        """The share of solutions among all assignments."""
        return len(self.solutions) / (1 << self.variables)


def without_readings(search: Search) -> JSONObject:
    """Return the result if no assignment is a solution, or every one: there is nothing to find."""
    share, assignments = search.random_share, 1 << search.variables
    if search.solutions:
        outcome = "Found"
        text = f"Each of the {assignments} assignments is a solution: there is nothing to search."
    else:
        outcome = "NoSolution"
        text = f"None of the {assignments} assignments is a solution, so that none can be read."
    return {
        "outcome": outcome,
        **({"assignment": _values(0, search.variables)} if search.solutions else {}),
        "explanation": f"{text} No circuit was run.",
        **_common(search),
        "share": {"value": share, "theory": share},
        "amplified": "NotTested",
        "readings": [],
        "verified": evidence.verified(
            f"Each of the {assignments} assignments was {search.condition.check}."
        ),
        "uncertainty": evidence.uncertainty(Interval(share, share, 1.0)),
        "svg": picture(search.variables, [], share, text),
    }


def from_readings(search: Search, counts: Counts) -> JSONObject:
    """Return the result of the readings of the circuit, at least one."""
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    readings = [_reading(bits, count, counts, search) for bits, count in ranked if count]
    good = [reading for reading in readings if reading["solution"]]
    hits = sum(reading["count"] for reading in good)
    shown = chance_of_as_many(hits, counts.total, search.random_share) < CHANCE
    shown = shown and hits / counts.total > search.random_share
    interval = share_interval(hits, counts.total)
    title = f"Search of {search.variables} variables: the most frequent readings"
    return {
        "outcome": "Found" if good else "NotFound",
        **({"assignment": _values(good[0]["number"], search.variables)} if good else {}),
        "explanation": _explanation(search, hits / counts.total, interval, shown=shown),
        **_common(search),
        "share": {"value": hits / counts.total, "theory": _theory(search)},
        "amplified": "Shown" if shown else "NotShown",
        "readings": readings[:MOST_READINGS],
        "verified": evidence.verified(f"The assignment was {search.condition.check}.")
        if good
        else evidence.not_verified(
            f"Each of the {len(readings)} assignments that were read was "
            f"{search.condition.check}, and none is a solution."
        ),
        "uncertainty": evidence.uncertainty(interval),
        "svg": picture(search.variables, readings[:MOST_READINGS], search.random_share, title),
    }


def _common(search: Search) -> JSONObject:
    used = search.amplification
    return {
        "variables": search.variables,
        "assignments": 1 << search.variables,
        "solutions": len(search.solutions),
        "amplification": {
            "kind": "None" if used is None else "Plain" if used.turn is None else "Diluted",
            "iterations": used.iterations if used else 0,
        },
        "comparison": search.comparison,
        "baseline": evidence.baseline(
            "Share of solutions among assignments drawn at random", search.random_share
        ),
    }


def _theory(search: Search) -> float:
    return search.amplification.probability if search.amplification else search.random_share


def _values(number: int, variables: int) -> list[bool]:
    return [bool(number >> place & 1) for place in range(variables)]


def _reading(bits: str, count: int, counts: Counts, search: Search) -> JSONObject:
    number = int(bits, 2)
    return {
        "number": number,
        "bits": bits,
        "count": count,
        "frequency": count / counts.total,
        "solution": search.condition.holds(number),
    }


def _explanation(search: Search, share: float, interval: Interval, *, shown: bool) -> str:
    used = search.amplification
    assert used is not None  # noqa: S101 - there are readings
    found, total = len(search.solutions), 1 << search.variables
    solutions = (
        f"{found} of {total} assignments {'is a solution' if found == 1 else 'are solutions'}"
    )
    times = "1 iteration raises" if used.iterations == 1 else f"{used.iterations} iterations raise"
    text = f"{solutions}. In theory"
    if used.turn is not None:
        text = (
            f"{solutions}, for which no whole number of iterations is good. In theory, with one "
            "more qubit that thins them out"
        )
    text += (
        f", {times} the share of solutions from {search.random_share:.3g} to "
        f"{used.probability:.4g}. It was {share:.4g}"
    )
    if not shown:
        return (
            f"{text}, which random readings explain as well: "
            "the amplification is not shown, and a solution that was read is found by chance."
        )
    if interval.upper < used.probability:
        return f"{text}: above chance, but below theory, as errors of the device make it."
    return f"{text}."
