"""Resource estimate of a program on a fault-tolerant computer, by Microsoft's resource estimator.

The estimator reads the QIR that is deployed. The computer is the gate-based model of its
documentation: gates of 50 ns and measurements of 100 ns that fail once in 10,000 times, a surface
code, and factories of T states by distillation in rounds (Beverland et al., arXiv:2211.07629). The
numbers compare algorithms with each other and with the last run; they promise no machine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

LARGEST_ERROR = 0.01
"""Of all shots, the share that may fail."""
_GATE_TIME = 50  # nanoseconds
_MEASUREMENT_TIME = 100  # nanoseconds


@dataclass(frozen=True, slots=True)
class FaultTolerant:
    """The smallest fault-tolerant computer that reaches the error rate, and its run time."""

    qubits: int
    """Physical ones."""
    nanoseconds: int
    """Of one shot."""


def fault_tolerant(qir: str) -> FaultTolerant | None:
    """Return the estimate of the program *qir*.

    None if no such computer reaches the error rate, or if the estimator does not read the program:
    one that branches, or is in another format.
    """
    # Read when it is imported.
    os.environ["QDK_PYTHON_TELEMETRY"] = "none"
    from qdk.qre import estimate  # noqa: PLC0415 - see above
    from qdk.qre.application import QIRApplication  # noqa: PLC0415 - see above
    from qdk.qre.models import GateBased, RoundBasedFactory, SurfaceCode  # noqa: PLC0415 - see above

    try:
        found = estimate(
            QIRApplication(qir),
            GateBased(gate_time=_GATE_TIME, measurement_time=_MEASUREMENT_TIME),
            SurfaceCode.q() * RoundBasedFactory.q(),
            max_error=LARGEST_ERROR,
        )
    except ValueError:
        return None
    candidates = [FaultTolerant(entry.qubits, entry.runtime) for entry in found]
    return min(candidates, key=lambda one: (one.qubits, one.nanoseconds), default=None)
