"""Cases: a task for the emulator, and the judge of its result."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed, Task

SHOTS = 2000


class Verdict(StrEnum):
    """The verdict on a case."""

    RIGHT = "right"
    REFUSED = "refused"
    UNJUDGED = "ran, no other opinion"
    """Only mutants: nothing else understands the program."""
    LIMITED = "beyond its limits"
    CRASHED = "crashed its own process"
    WRONG = "WRONG"
    HUNG = "HUNG"
    INTERNAL = "INTERNAL ERROR"
    HARMED = "HARMED ANOTHER JOB"

    @property
    def is_failure(self) -> bool:
        """Whether the emulator or the lowering has a fault."""
        return self in {Verdict.WRONG, Verdict.HUNG, Verdict.INTERNAL, Verdict.HARMED}


type Judgement = tuple[Verdict, str]
"""A verdict with its reason."""
type Judge = Callable[[Completed | JobError], Judgement]


@dataclass(frozen=True, slots=True)
class Case:
    """A program with the judge of its result."""

    task: Task | None
    """None: it was refused before it got as far as the emulator."""
    judge: Judge
    show: Callable[[], str]
    """Returns the program as people read it."""


def judge_of(
    read: Callable[[Any], Mapping[Any, int]], compare: Callable[[Mapping[Any, int]], str | None]
) -> Judge:
    """Return the judge of a program that has to run.

    Args:
        read: returns counts from the JSON of an output
        compare: returns how counts differ from what is right

    """

    def judge(done: Completed | JobError) -> Judgement:
        if isinstance(done, JobError):
            return Verdict.WRONG, f"refused: {done.code}: {done.message}"
        return verdict_of(compare(read(json.loads(done.output))))

    return judge


def verdict_of(difference: str | None) -> Judgement:
    """Return the verdict on a program that ran, from its difference to what is right."""
    return (Verdict.WRONG, difference) if difference else (Verdict.RIGHT, "")


def flat_counts(output: Any) -> Counter[tuple[int, ...]]:  # noqa: ANN401 - JSON
    """Return the counts of an output of QIR, its containers taken away."""
    counts: Counter[tuple[int, ...]] = Counter()
    for entry in output["Results"][0]["Histogram"]:
        counts[tuple(_leaves(entry["Outcome"]))] += entry["Count"]
    return counts


def _leaves(outcome: Any) -> list[int]:  # noqa: ANN401 - JSON
    if isinstance(outcome, dict):
        outcome = list(outcome.values())
    if isinstance(outcome, list):
        return [leaf for part in outcome for leaf in _leaves(part)]
    return [int(outcome)]
