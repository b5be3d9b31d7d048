"""The shape of a program's output, and outcomes in that shape.

A QIR program ends in a list of record calls: a container announces how many items follow, a result
is a leaf. Read in order they are a tree in prefix notation, and an outcome is the tree with a bit
at every leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localdev.emulator.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

type Outcome = int | list[Outcome] | dict[str, Outcome]
"""An outcome in `microsoft.quantum-results.v2`: a bit, an array or a tuple with `Item1`, ..."""


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A leaf: the result with this id."""

    result: int

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of *bits*, of which bit *i* is result *i*."""
        return bits >> self.result & 1


@dataclass(frozen=True, slots=True)
class ArrayRecord:
    """Items of one kind, such as the bits of a register."""

    items: tuple[Record, ...]

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of *bits*, of which bit *i* is result *i*."""
        return [item.outcome(bits) for item in self.items]


@dataclass(frozen=True, slots=True)
class TupleRecord:
    """Items of several kinds, such as several registers."""

    items: tuple[Record, ...]

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of *bits*, of which bit *i* is result *i*."""
        return {f"Item{n}": item.outcome(bits) for n, item in enumerate(self.items, start=1)}


type Record = ResultRecord | ArrayRecord | TupleRecord


def build(calls: Sequence[tuple[str, int]]) -> Record:
    """Return the tree of a sequence of record calls.

    Args:
        calls: kind (`array`, `tuple` or `result`) and argument (size or result id) of each

    Raises:
        ProgramError: nothing is recorded, or a container announces more items than follow.

    """
    remaining = iter(calls)
    roots = []
    for kind, argument in remaining:
        roots.append(_record(kind, argument, remaining))
    match roots:
        case []:
            raise ProgramError("The program records no output.")
        case [root]:
            return root
        case _:  # older generators record results one by one, without a container
            return ArrayRecord(tuple(roots))


def _record(kind: str, argument: int, remaining: Iterator[tuple[str, int]]) -> Record:
    if kind == "result":
        return ResultRecord(argument)
    items: list[Record] = []
    for _ in range(argument):
        item = next(remaining, None)
        if item is None:
            raise ProgramError(f"An output {kind} of {argument} items has only {len(items)}.")
        items.append(_record(*item, remaining))
    return ArrayRecord(tuple(items)) if kind == "array" else TupleRecord(tuple(items))


def display(outcome: Outcome) -> str:
    """Return *outcome* as people read it: `[0, 1]` for an array, `(0, [1])` for a tuple."""
    match outcome:
        case list():
            return f"[{', '.join(map(display, outcome))}]"
        case dict():
            return f"({', '.join(map(display, outcome.values()))})"
        case _:
            return str(outcome)
