"""Resource usage of a run, from which its price is computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Resource usage of a job, all its items together, as providers count it for their prices."""

    shots: int = 0
    one_qubit_gates: int = 0
    two_qubit_gates: int = 0
    measurements: int = 0
    seconds: float = 0.0
    """Time the simulator computed."""
