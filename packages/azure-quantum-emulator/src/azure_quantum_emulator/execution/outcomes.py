"""Measurement outcomes of a program, before they are written in an output format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from azure_quantum_emulator.programs import records
from azure_quantum_emulator.programs.program import AllQubits, Registers
from azure_quantum_emulator.programs.records import Container, Leaf, Record


@dataclass(frozen=True, slots=True)
class RecordedShots:
    """Shots of a QIR program that always records the same tree."""

    output: Record
    bits: Sequence[int]
    """For each shot its results as a number: bit *i* is result *i*."""

    def record(self, bits: int) -> Record:
        """Return the recorded tree of the shots with these *bits*."""
        del bits
        return self.output


@dataclass(frozen=True, slots=True)
class AdaptiveShots:
    """Shots of a QIR program each of which records a tree of its own."""

    different: Sequence[Record]
    """The trees without repetition, every value in them known."""
    bits: Sequence[int]
    """For each shot the place of its tree in `different`."""

    @classmethod
    def of[T: Hashable](
        cls, shots: Sequence[T], calls: Callable[[T], Sequence[Container | Leaf]]
    ) -> Self:
        """Return *shots*, the tree of each different one built once from its record *calls*."""
        places = {shot: place for place, shot in enumerate(dict.fromkeys(shots))}
        different = [records.build(calls(shot)) for shot in places]
        return cls(different, [places[shot] for shot in shots])

    def record(self, bits: int) -> Record:
        """Return the recorded tree of the shots with this place."""
        return self.different[bits]


@dataclass(frozen=True, slots=True)
class RegisterShots:
    """Shots of a program with named registers."""

    registers: Registers
    bits: Sequence[int]
    """For each shot its classical bits as a number."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """The probability of each state of all qubits, computed or observed."""

    of: Mapping[int, float]
    """By the state as a number: bit *i* is qubit *i*."""


@dataclass(frozen=True, slots=True)
class AtomCounts:
    """The counts of the observed states of a register of atoms."""

    counts: Mapping[str, int]
    """By the state with the first atom first: 1 is an excited atom, or none."""


type Outcomes = RecordedShots | AdaptiveShots | RegisterShots | Probabilities | AtomCounts


def shots_of(
    output: Record | Registers | AllQubits, bits: Sequence[int]
) -> RecordedShots | RegisterShots | Probabilities:
    """Return shots of a circuit in the way its program gives them out.

    Args:
        output: how
        bits: for each shot its classical bits as a number

    """
    match output:
        case Registers():
            return RegisterShots(output, bits)
        case AllQubits():
            counts = Counter(bits)
            return Probabilities({state: n / len(bits) for state, n in sorted(counts.items())})
        case record:
            return RecordedShots(record, bits)
