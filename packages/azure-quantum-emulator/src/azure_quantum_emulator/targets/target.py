"""What there is to know of one target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type Kind = Literal["simulator", "emulator", "qpu", "syntax-checker"]
type Simulation = Literal["sampling", "rounding", "syntax-check", "echo"]
type Amount = Literal[
    "none", "one-qubit-gate-shots", "two-qubit-gate-shots", "hqc", "centiseconds", "hours"
]
"""How much of a dimension a job consumes; `pricing.py` has the formulas."""


@dataclass(frozen=True, slots=True)
class CostDimension:
    """One line of the bill: something a target charges for."""

    id: str
    name: str
    unit: str
    amount: Amount
    unit_price: float
    """In the currency of the target."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """What holds for the bill as a whole."""

    currency: str = "USD"
    minimum: float = 0.0
    """What a job costs at least."""
    minimum_unmitigated: float | None = None
    """The same without error mitigation; None if that makes no difference."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one target can do and what it says about itself."""

    provider: str
    """In lower case, as in the service's answers."""
    id: str
    kind: Kind
    simulator: Simulation
    """Which of `simulators` computes for it."""
    num_qubits: int
    max_shots: int
    default_shots: int
    target_profile: str
    native_gates: tuple[str, ...]
    """In the provider's words."""
    paired_simulator: str | None
    """For a QPU, the target of the same provider to try a program on."""
    noise: str | None
    """Whose noise it has, a name of `devices`; None is noiseless."""
    average_queue_time: int
    """Seconds. What it reports, not how long jobs wait here."""
    status_page: str
    listed: bool
    """Whether it is in `providerStatus`; jobs are taken in any case."""
    input_formats: tuple[str, ...]
    output_formats: tuple[str, ...]
    """The first one unless the job asks for another."""
    counted_gates: Literal["submitted", "native"]
    """Whether the provider bills gates as they came in or as it carries them out."""
    cost_dimensions: tuple[CostDimension, ...]
    pricing: Pricing
