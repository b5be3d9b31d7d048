"""The price of a job: the `costEstimate` of a job that succeeded. One that failed has none.

The formulas are those of Microsoft's "Azure Quantum pricing" (learn.microsoft.com, August 2026),
the numbers are with the targets.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from azure_quantum_emulator.targets.target import Amount, CostDimension, Pricing, Target
from azure_quantum_emulator.targets.usage import Usage

type Formula = Callable[[Usage, float], float]
"""Takes what a job did and the seconds it was executed for."""


def cost_estimate(
    target: Target, usage: Usage, seconds: float, *, mitigated: bool = True
) -> dict[str, Any]:
    """Return the bill of a job.

    Args:
        target: where it ran.
        usage: what it did; gates as `target.counted_gates` says.
        seconds: how long it executed.
        mitigated: whether the provider mitigated errors, which makes small jobs dearer.

    """
    events = [_event(dimension, usage, seconds) for dimension in target.cost_dimensions]
    total = sum(event["amountBilled"] * event["unitPrice"] for event in events)
    return {
        "currencyCode": target.pricing.currency,
        "events": events,
        "estimatedTotal": round(max(total, _minimum(target.pricing, mitigated=mitigated)), 4),
    }


def _event(dimension: CostDimension, usage: Usage, seconds: float) -> dict[str, Any]:
    amount = _AMOUNTS[dimension.amount](usage, seconds)
    return {
        "dimensionId": dimension.dimension_id,
        "dimensionName": dimension.dimension_name,
        "measureUnit": dimension.measure_unit,
        "amountBilled": amount,
        "amountConsumed": amount,
        "unitPrice": dimension.unit_price,
    }


def _minimum(pricing: Pricing, *, mitigated: bool) -> float:
    if mitigated or pricing.minimum_unmitigated is None:
        return pricing.minimum
    return pricing.minimum_unmitigated


def _hqc(usage: Usage, _seconds: float) -> float:
    """Return H-System quantum credits: 5 + C (N1q + 10 N2q + 5 Nm) / 5000 for C shots.

    Nm counts measurements, resets, and the first preparation of every qubit.
    """
    operations = usage.one_qubit_gates + 10 * usage.two_qubit_gates + 5 * usage.measurements
    return round(5 + usage.shots * operations / 5000, 2)


def _centiseconds(_usage: Usage, seconds: float) -> float:
    # Rounded first: 0.03 s is a bit more than three times 0.01 s to a computer.
    return float(math.ceil(round(seconds * 100, 6)))


_AMOUNTS: dict[Amount, Formula] = {
    "none": lambda _usage, _seconds: 0.0,
    "one-qubit-gate-shots": lambda usage, _seconds: float(usage.one_qubit_gates * usage.shots),
    "two-qubit-gate-shots": lambda usage, _seconds: float(usage.two_qubit_gates * usage.shots),
    "hqc": _hqc,
    "centiseconds": _centiseconds,
    "hours": lambda _usage, seconds: round(seconds / 3600, 4),
}
