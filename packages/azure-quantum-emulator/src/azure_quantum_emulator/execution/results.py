"""The output formats of a job: writers of measurement outcomes to the output blob."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from azure_quantum_emulator.execution.outcomes import (
    AdaptiveShots,
    AtomCounts,
    Outcomes,
    Probabilities,
    RecordedShots,
    RegisterShots,
)
from azure_quantum_emulator.programs import records

type Recorded = RecordedShots | AdaptiveShots


class UntranslatableError(Exception):
    """An output format that does not exist, or cannot hold such outcomes."""


def write(output_format: str, outcomes: Sequence[Outcomes]) -> bytes:
    """Return the output blob of a job.

    Args:
        output_format: name of the format
        outcomes: what came of each program of the job

    Raises:
        UntranslatableError: there is no such format, or it is meant for other programs.

    """
    if output_format not in FORMATS:
        raise UntranslatableError
    accepted, writer = FORMATS[output_format]
    if not all(isinstance(found, accepted) for found in outcomes):
        raise UntranslatableError
    return writer(outcomes).encode()


def _microsoft_v1(items: Sequence[Recorded]) -> str:
    """Write outcomes with their frequencies, for one item."""
    histogram: list[str | float] = []
    for item in items[:1]:  # the format has no place for more
        for bits, count in Counter(item.bits).items():
            outcome = item.record(bits).outcome(bits)
            histogram += [records.display(outcome), count / len(item.bits)]
    return _encode({"Histogram": histogram})


def _microsoft_v2(items: Sequence[Recorded]) -> str:
    """Write counts and single shots of every item."""
    # Put together as text: a few outcomes make up thousands of shots.
    results = ",".join(_item_v2(item) for item in items)
    return f'{{"DataFormat":"microsoft.quantum-results.v2","Results":[{results}]}}'


def _item_v2(item: Recorded) -> str:
    counts = Counter(item.bits)
    outcomes = {bits: item.record(bits).outcome(bits) for bits in counts}
    histogram = [
        {"Outcome": outcomes[bits], "Display": records.display(outcomes[bits]), "Count": count}
        for bits, count in counts.items()
    ]
    encoded = {bits: _encode(outcome) for bits, outcome in outcomes.items()}
    listed = ",".join([encoded[bits] for bits in item.bits])
    return f'{{"Histogram":{_encode(histogram)},"Shots":[{listed}]}}'


def _honeywell_qir(items: Sequence[Recorded]) -> str:
    """Write the values of every label, shot by shot; a value without a label gets its number."""
    values: dict[str, list[str]] = {}
    for item in items[:1]:  # the format has no place for more
        named = {bits: _named_leaves(item.record(bits), bits) for bits in set(item.bits)}
        for bits in item.bits:
            for name, value in named[bits]:
                values.setdefault(name, []).append(value)
    return _encode(values)


def _named_leaves(record: records.Record, bits: int) -> list[tuple[str, str]]:
    return [
        (leaf.label or str(place), records.display(leaf.outcome(bits)))
        for place, leaf in enumerate(records.leaves(record))
    ]


def _honeywell(runs: Sequence[RegisterShots]) -> str:
    """Write for every register a string of bits for each shot, its last bit first."""
    return _encode(
        {name: ["".join(map(str, reversed(bits))) for bits in shots] for name, shots in _bits(runs)}
    )


def _rigetti(runs: Sequence[RegisterShots]) -> str:
    """Write for every region a list of bits for each shot, its first bit first."""
    return _encode(dict(_bits(runs)))


def _bits(runs: Sequence[RegisterShots]) -> list[tuple[str, list[list[int]]]]:
    """Return by register its bits, the first one first, for each shot of one run after another."""
    return [
        (name, [[shot >> bit & 1 for bit in place] for run in runs for shot in run.bits])
        for name, place in runs[0].registers.bits.items()
    ]


def _ionq(runs: Sequence[Probabilities]) -> str:
    """Write the probability of every state that occurs, as a decimal number."""
    (run,) = runs
    return _encode({"histogram": {str(state): share for state, share in run.of.items()}})


def _pasqal(runs: Sequence[AtomCounts]) -> str:
    """Write how often every state was observed, the most frequent one first."""
    (run,) = runs
    return _encode(dict(Counter(run.counts).most_common()))


def _encode(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


_RECORDED = (RecordedShots, AdaptiveShots)

FORMATS: dict[str, tuple[type | tuple[type, ...], Callable[[Any], str]]] = {
    "microsoft.quantum-results.v1": (_RECORDED, _microsoft_v1),
    "microsoft.quantum-results.v2": (_RECORDED, _microsoft_v2),
    "honeywell.qir.v1": (_RECORDED, _honeywell_qir),
    "honeywell.quantum-results.v1": (RegisterShots, _honeywell),
    "rigetti.quil-results.v1": (RegisterShots, _rigetti),
    "ionq.quantum-results.v1": (Probabilities, _ionq),
    "pasqal.pulser-results.v1": (AtomCounts, _pasqal),
}
"""By the name of a format what it is for, and its writer."""
