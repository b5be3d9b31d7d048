"""What a run took of a target, from which its price follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run took, as providers count it for their prices; of all items of a job together."""

    shots: int = 0
    one_qubit_gates: int = 0
    two_qubit_gates: int = 0
    measurements: int = 0
    seconds: float = 0.0
    """Time the simulator computed."""
