"""The shape of a QIR program's output, and outcomes in that shape.

A QIR program ends in a list of record calls: a container announces how many items follow, a result
or a number is a leaf. Read in order they are a tree in prefix notation, and an outcome is the tree
with a value at every leaf.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from azure_quantum_emulator.errors import ProgramError

type Outcome = int | bool | float | list[Outcome] | dict[str, Outcome]
"""An outcome in `microsoft.quantum-results.v2`: a value, an array or a tuple of `Item1`, ..."""


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A leaf: the result that a measurement wrote into this classical bit."""

    result: int
    label: str = ""

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of the classical *bits*."""
        return bits >> self.result & 1


@dataclass(frozen=True, slots=True)
class ValueRecord:
    """A leaf that is known already: a constant, or a value that one shot recorded."""

    value: int | bool | float
    label: str = ""

    def outcome(self, bits: int) -> Outcome:
        """Return the value, whatever the *bits*."""
        del bits
        return self.value


@dataclass(frozen=True, slots=True)
class ArrayRecord:
    """Items of one kind, such as the bits of a register."""

    items: tuple[Record, ...]

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of the classical *bits*."""
        return [item.outcome(bits) for item in self.items]


@dataclass(frozen=True, slots=True)
class TupleRecord:
    """Items of several kinds, such as several registers."""

    items: tuple[Record, ...]

    def outcome(self, bits: int) -> Outcome:
        """Return the recorded form of the classical *bits*."""
        return {f"Item{n}": item.outcome(bits) for n, item in enumerate(self.items, start=1)}


type Leaf = ResultRecord | ValueRecord
type Record = Leaf | ArrayRecord | TupleRecord


@dataclass(frozen=True, slots=True)
class Container:
    """The record call that announces an array or a tuple."""

    kind: Literal["array", "tuple"]
    size: int


def build(calls: Sequence[Container | Leaf]) -> Record:
    """Return the tree of a sequence of record calls.

    Raises:
        ProgramError: nothing is recorded, or a container announces more items than follow.

    """
    remaining = iter(calls)
    roots = [_record(call, remaining) for call in remaining]
    match roots:
        case []:
            raise ProgramError("The program records no output.")
        case [root]:
            return root
        case _:  # older generators record results one by one, without a container
            return ArrayRecord(tuple(roots))


def leaves(record: Record) -> Iterator[Leaf]:
    """Yield the leaves of a tree in the order they were recorded."""
    match record:
        case ArrayRecord(items) | TupleRecord(items):
            for item in items:
                yield from leaves(item)
        case leaf:
            yield leaf


def display(outcome: Outcome) -> str:
    """Return *outcome* as people read it: `[0, 1]` for an array, `(0, [1])` for a tuple."""
    match outcome:
        case list():
            return f"[{', '.join(map(display, outcome))}]"
        case dict():
            return f"({', '.join(map(display, outcome.values()))})"
        case bool():
            return str(outcome).lower()  # as in QIR's own output
        case _:
            return str(outcome)


def _record(call: Container | Leaf, remaining: Iterator[Container | Leaf]) -> Record:
    if not isinstance(call, Container):
        return call
    items: list[Record] = []
    for _ in range(call.size):
        item = next(remaining, None)
        if item is None:
            raise ProgramError(f"An output {call.kind} of {call.size} items has only {len(items)}.")
        items.append(_record(item, remaining))
    return ArrayRecord(tuple(items)) if call.kind == "array" else TupleRecord(tuple(items))
