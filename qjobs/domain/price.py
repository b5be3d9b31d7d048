"""The cost of programs by the published prices of providers, before they run.

The formulas are those of Microsoft's "Azure Quantum pricing"; the numbers are with the facts of the
targets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from qjobs.domain.algorithm import Program
from qjobs.domain.target_facts import Amount, Price, PriceItem, TargetFacts

_TWO_QUBIT_GATES: Mapping[str, int] = {
    **dict.fromkeys(("cx", "cy", "cz", "rxx", "ryy", "rzz", "swap"), 1),
    "ccx": 6,  # Microsoft: a gate on N > 2 qubits counts as 6 (N - 2) gates on two
}
"""For how many two-qubit gates a gate counts; every other gate is on one qubit."""
_NO_GATES = frozenset({"measure", "reset", "barrier"})
_FRAME_CHANGES = frozenset({"z", "s", "sdg", "t", "tdg", "rz"})
"""Rotations about Z, which an ion trap does by changing the phase of what follows: not billed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of programs at a target."""

    expected: float
    at_most: float
    currency: str
    exact: bool = True
    """Whether the formula leaves nothing open."""

    def times(self, runs: int) -> Cost:
        """Return the cost of running the same programs so often."""
        return replace(self, expected=self.expected * runs, at_most=self.at_most * runs)


@dataclass(frozen=True, slots=True)
class GateCounts:
    """Operations of a program that bills count."""

    one_qubit: int
    two_qubit: int
    measurements: int


def submitted_gates(program: Program) -> GateCounts:
    """Return the operations of a program as it is submitted."""
    gates = {name: count for name, count in program.gates.items() if name not in _NO_GATES}
    return GateCounts(
        sum(count for name, count in gates.items() if name not in _TWO_QUBIT_GATES),
        sum(_TWO_QUBIT_GATES.get(name, 0) * count for name, count in gates.items()),
        sum(program.gates.get(name, 0) for name in ("measure", "reset")),
    )


def two_qubit_gates(program: Program) -> int:
    """Return the number of gates on two qubits, one on three counted as six."""
    return submitted_gates(program).two_qubit


def portions(shots: int, largest: int) -> tuple[int, ...]:
    """Return the shots of the jobs that run a program so often, each of them up to *largest*.

    They are as equal as can be, which costs least where a job has a minimum price.
    """
    jobs = max(1, math.ceil(shots / largest))
    few, more = divmod(shots, jobs)
    return (few + 1,) * more + (few,) * (jobs - more)


def cost_of(
    facts: TargetFacts, programs: Iterable[tuple[Program, int]], *, mitigated: bool = True
) -> Cost | None:
    """Return the cost of *programs*, each with its shots; None if no formula says it beforehand.

    Args:
        facts: of the target
        programs: with the number of shots of each
        mitigated: whether the provider mitigates errors, for which small programs cost more

    """
    price = facts.price
    if price is None or any(item.amount in _BY_TIME for item in price.items):
        return None
    jobs = [
        (program, portion)
        for program, shots in programs
        for portion in portions(shots, facts.largest_shots)
    ]
    open_gates = price.native_gates and any(item.unit_price for item in price.items)
    expected, at_most = _native_gates(jobs) if open_gates else (_submitted(jobs),) * 2
    return Cost(
        _total(price, expected, mitigated=mitigated),
        _total(price, at_most, mitigated=mitigated),
        price.currency,
        exact=not open_gates,
    )


_BY_TIME = frozenset({Amount.CENTISECONDS, Amount.HOURS})

type _Jobs = list[tuple[Program, int]]
type _Billed = list[tuple[GateCounts, int]]


def _total(price: Price, jobs: _Billed, *, mitigated: bool) -> float:
    unmitigated = price.minimum_unmitigated
    minimum = price.minimum if mitigated or unmitigated is None else unmitigated
    bills = (
        sum(_amount(item, gates, shots) * item.unit_price for item in price.items)
        for gates, shots in jobs
    )
    return round(sum(round(max(bill, minimum), 4) for bill in bills), 4)


def _amount(item: PriceItem, gates: GateCounts, shots: int) -> float:
    match item.amount:
        case Amount.ONE_QUBIT_GATE_SHOTS:
            return gates.one_qubit * shots
        case Amount.TWO_QUBIT_GATE_SHOTS:
            return gates.two_qubit * shots
        case Amount.QUANTUM_CREDITS:
            operations = gates.one_qubit + 10 * gates.two_qubit + 5 * gates.measurements
            return round(5 + shots * operations / 5000, 2)
        case _:
            raise ValueError(f"the amount {item.amount} is not known beforehand")


def _submitted(jobs: _Jobs) -> _Billed:
    return [(submitted_gates(program), shots) for program, shots in jobs]


def _native_gates(jobs: _Jobs) -> tuple[_Billed, _Billed]:
    """Return the native gates that are expected on the bill, and the most that can be on it.

    A compiler makes of a gate on two qubits one native one between up to four pulses, and joins
    rotations that follow each other on a qubit: one of up to two pulses is left before, between and
    after the gates on two qubits, unless something else is between. For QIR one more gate, a
    preparation and a reset of every qubit are billed.
    """
    expected, at_most = [], []
    for program, shots in jobs:
        gates, qubits = program.gates, program.qubits
        submitted = submitted_gates(program)
        pairs = submitted.two_qubit + 2 * gates.get("swap", 0)  # of which one is three
        measured = submitted.measurements + 2 * qubits
        turns = sum(
            count
            for name, count in gates.items()
            if name not in _NO_GATES | _FRAME_CHANGES | _TWO_QUBIT_GATES.keys()
        )
        most = turns + 4 * pairs
        if gates.keys().isdisjoint({"barrier", "reset"}):
            most = min(most, 2 * (qubits + 2 * pairs))
        likely = min(turns + pairs, most)
        expected.append((GateCounts(likely + qubits, pairs, measured), shots))
        at_most.append((GateCounts(most + qubits, pairs, measured), shots))
    return expected, at_most
