"""A permutation of the states of a few qubits, as NOTs that have conditions.

The synthesis is based on transformations (Miller, Maslov and Dueck, Proc. 40th Design Automation
Conference, 318, 2003): value after value is brought to its place by gates that leave the lower
ones alone, from the side, input or output, where that is cheaper. It knows the permutation alone.
What it finds depends on the numbering of the qubits, so that some numberings are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations

type Not = tuple[int, int]
"""The qubits that have to be one, as bits of a number, and the qubit that is flipped."""

_NUMBERINGS = 96
_COST = 6
"""Gates on two qubits of each control beyond the first one, with a work qubit."""


@cache
def synthesised(table: tuple[int, ...], qubits: int) -> tuple[Not, ...]:
    """Return gates, first to last, that map each value v to *table*[v]."""
    every = list(permutations(range(qubits)))
    step = max(1, len(every) // _NUMBERINGS)
    found = (_numbered(table, qubits, order) for order in every[::step])
    return min(found, key=lambda gates: (_gates(gates), len(gates)))


def _gates(gates: Sequence[Not]) -> int:
    """Return the gates on two qubits, of which each NOT has one condition more by a control."""
    return sum(max(1, _COST * conditions.bit_count()) for conditions, _ in gates)


def _numbered(table: Sequence[int], qubits: int, order: Sequence[int]) -> tuple[Not, ...]:
    """Return the gates by the synthesis of the same permutation with its qubits renumbered."""
    to = [sum((v >> i & 1) << order[i] for i in range(qubits)) for v in range(len(table))]
    renumbered = [0] * len(table)
    for value, image in enumerate(table):
        renumbered[to[value]] = to[image]
    back = sorted(range(qubits), key=lambda qubit: order[qubit])
    return tuple(
        (sum(1 << back[i] for i in range(qubits) if conditions >> i & 1), back[flipped])
        for conditions, flipped in _one_order(renumbered, qubits)
    )


def _one_order(table: list[int], qubits: int) -> list[Not]:
    before: list[Not] = []
    after: list[Not] = []
    for value in range(len(table)):
        if table[value] == value:
            continue
        output = _cheaper(table[value], value, qubits)
        inputs = _cheaper(table.index(value), value, qubits)
        if _gates(output) <= _gates(inputs):
            for gate in output:
                table = [_applied(gate, image) for image in table]
            after += output
        else:
            for gate in inputs:
                table = [table[_applied(gate, v)] for v in range(len(table))]
            before += inputs
    return [*before, *reversed(after)]


def _applied(gate: Not, value: int) -> int:
    conditions, flipped = gate
    return value ^ 1 << flipped if value & conditions == conditions else value


def _cheaper(source: int, target: int, qubits: int) -> list[Not]:
    """Return gates that move *source* to the lower *target*, and no value below *target*."""
    raised = source | target
    up = list(_flips(source, target & ~source, qubits))
    down = [(target, bit) for bit in range(qubits) if (raised & ~target) >> bit & 1]
    own = []
    for bit in range(qubits):
        if (raised & ~target) >> bit & 1:
            raised &= ~(1 << bit)
            own.append((raised, bit))
    return min(([*up, *way] for way in (down, own)), key=_gates)


def _flips(value: int, bits: int, qubits: int) -> Iterator[Not]:
    for bit in range(qubits):
        if bits >> bit & 1:
            yield value, bit
            value |= 1 << bit
