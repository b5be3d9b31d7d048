"""The resources that each step of an example takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tools.algorithm_checks.rehearsal import Step, entangling, gates_of


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of some circuits."""

    circuits: int
    shots: int
    """Of all circuits together."""
    qubits: int
    """Of the largest circuit, as is the depth."""
    depth: int
    gates: Counter[str]

    @property
    def entangling_gates(self) -> int:
        """The number of gates on several qubits."""
        return entangling(self.gates)


def resources(steps: Sequence[Step]) -> Resources:
    """Return the resources of *steps* together."""
    runs = [run for step in steps for run in step.programs]
    programs = [program for program, _ in runs]
    return Resources(
        circuits=len(runs),
        shots=sum(shots for _, shots in runs),
        qubits=max((program.qubits for program in programs), default=0),
        depth=max((program.depth or 0 for program in programs), default=0),
        gates=gates_of(programs),
    )


def of_each(steps: Sequence[Step]) -> Iterator[tuple[int, int, Resources]]:
    """Yield the first and the last of steps that follow each other and take the same, with what."""
    first = 1
    for each, group in groupby(resources([step]) for step in steps):
        last = first + len(list(group)) - 1
        yield first, last, each
        first = last + 1
