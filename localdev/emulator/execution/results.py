"""The output formats of a job: what its output blob holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from localdev.emulator.programs import records

if TYPE_CHECKING:
    from localdev.emulator.execution.simulators import Shots
    from localdev.emulator.programs.records import Record

type ItemShots = Sequence[tuple[Record, Shots]]
"""For each item of a job how its output is recorded, and its shots."""


def v1(items: ItemShots) -> bytes:
    """Return `microsoft.quantum-results.v1`: what came out with which frequency, for one item."""
    histogram: list[str | float] = []
    for output, shots in items[:1]:  # the format has no place for more
        for bits, count in Counter(shots).items():
            histogram += [records.display(output.outcome(bits)), count / len(shots)]
    return _encode({"Histogram": histogram}).encode()


def v2(items: ItemShots) -> bytes:
    """Return `microsoft.quantum-results.v2`: counts and single shots of every item."""
    # Put together as text: a few outcomes make up thousands of shots.
    results = ",".join(_item_v2(output, shots) for output, shots in items)
    return f'{{"DataFormat":"microsoft.quantum-results.v2","Results":[{results}]}}'.encode()


FORMATS: dict[str, Callable[[ItemShots], bytes]] = {
    "microsoft.quantum-results.v1": v1,
    "microsoft.quantum-results.v2": v2,
}
"""Writers by the name of their format."""


def _item_v2(output: Record, shots: Shots) -> str:
    counts = Counter(shots)
    outcomes = {bits: output.outcome(bits) for bits in counts}
    histogram = [
        {"Outcome": outcomes[bits], "Display": records.display(outcomes[bits]), "Count": count}
        for bits, count in counts.items()
    ]
    encoded = {bits: _encode(outcome) for bits, outcome in outcomes.items()}
    listed = ",".join([encoded[bits] for bits in shots])
    return f'{{"Histogram":{_encode(histogram)},"Shots":[{listed}]}}'


def _encode(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
