"""Facts of targets as their providers publish them: size, kind, formats, noise model and price."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds of target."""

    SIMULATOR = "Simulator"
    NOISY_SIMULATOR = "NoisySimulator"
    HARDWARE = "Hardware"
    SYNTAX_CHECKER = "SyntaxChecker"
    """Checks a program and runs nothing: all that it measures is zero."""


class Profile(StrEnum):
    """The QIR profiles, from the smallest to the largest; each has all that those before it have.

    Base is gates and then measurements. Adaptive programs depend on what they measure: RI stands
    for computing with integers, F for floating-point numbers besides.
    """

    BASE = "Base"
    ADAPTIVE_RI = "Adaptive_RI"
    ADAPTIVE_RIF = "Adaptive_RIF"

    def runs(self, program: Profile) -> bool:
        """Return whether a target of this profile runs programs of another one."""
        order = list(Profile)
        return order.index(program) <= order.index(self)


class Amount(StrEnum):
    """Quantities that a provider bills a program by."""

    ONE_QUBIT_GATE_SHOTS = "OneQubitGateShots"
    TWO_QUBIT_GATE_SHOTS = "TwoQubitGateShots"
    QUANTUM_CREDITS = "QuantumCredits"
    """Quantinuum's HQC: 5 + C (N1q + 10 N2q + 5 Nm) / 5000 for C shots."""
    CENTISECONDS = "Centiseconds"
    """Of execution, begun ones counted as full ones."""
    HOURS = "Hours"
    """Of execution."""


@dataclass(frozen=True, slots=True)
class PriceItem:
    """One line of a bill."""

    amount: Amount
    unit_price: float
    """In the currency of the price."""


@dataclass(frozen=True, slots=True)
class Price:
    """The published price of one program, a sum of items with a minimum."""

    currency: str
    source: str
    date: str
    """When the source said so, as YYYY-MM-DD."""
    items: tuple[PriceItem, ...] = ()
    """None for a target that is free."""
    minimum: float = 0.0
    minimum_unmitigated: float | None = None
    """The minimum without error mitigation; None if that makes no difference."""
    native_gates: bool = False
    """Whether the gates billed are those that the provider's compiler makes of a program."""


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """The simulation of a device's noise: its target, and the options that ask for it."""

    simulator: str
    """The id of the target that computes with it."""
    options: dict[str, Any]
    """Passed to that target with the job."""


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """Published properties of a target, most of which its workspace does not report."""

    kind: Kind
    qubits: int
    largest_shots: int
    """Of one program."""
    samples: bool
    """Whether readings are drawn at random, not computed and rounded."""
    noisy: bool
    profile: Profile
    formats: tuple[str, ...]
    """The input formats, by Azure Quantum's names."""
    sessions: bool
    """Whether jobs can be grouped in a session."""
    source: str
    date: str
    """When the source said so, as YYYY-MM-DD."""
    noise_model: NoiseModel | None = None
    """For a device: where its noise is simulated."""
    price: Price | None = None
    """None if none is published."""


def facts_document(facts: TargetFacts) -> dict[str, Any]:
    """Return facts as JSON."""
    return asdict(facts)


def stored_facts(document: dict[str, Any]) -> TargetFacts:
    """Return the facts that `facts_document` gave.

    Raises:
        KeyError: a member is missing.
        TypeError: a member is not known.
        ValueError: the kind, the profile or an amount is not known.

    """
    noise_model, price = document.get("noise_model"), document.get("price")
    return TargetFacts(
        **document
        | {
            "kind": Kind(document["kind"]),
            "profile": Profile(document["profile"]),
            "formats": tuple(document["formats"]),
            "noise_model": noise_model and NoiseModel(**noise_model),
            "price": price and Price(**price | {"items": tuple(map(_item, price["items"]))}),
        }
    )


def _item(document: dict[str, Any]) -> PriceItem:
    return PriceItem(**document | {"amount": Amount(document["amount"])})
