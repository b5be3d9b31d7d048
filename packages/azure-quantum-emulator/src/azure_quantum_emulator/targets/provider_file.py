"""Reads and checks a file of `providers/`: a provider, its sources, its targets.

`defaults` holds what its targets have in common; what a target says itself goes first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from azure_quantum_emulator.targets.target import (
    Amount,
    CostDimension,
    Kind,
    Pricing,
    Simulation,
    Target,
)

OPTIONAL: dict[str, Any] = {
    "nativeGates": [],
    "pairedSimulator": None,
    "noise": None,
    "listed": True,
    "countedGates": "submitted",
}
"""What a target need not say, and what that means."""

_TYPES: dict[str, type] = {
    "id": str,
    "numQubits": int,
    "maxShots": int,
    "defaultShots": int,
    "targetProfile": str,
    "averageQueueTime": int,
    "statusPage": str,
    "listed": bool,
    "nativeGates": list,
    "inputFormats": list,
    "outputFormats": list,
    "costDimensions": list,
    "pricing": dict,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind.__value__),
    "simulator": get_args(Simulation.__value__),
    "countedGates": ("submitted", "native"),
    "targetProfile": ("Base", "Adaptive_RI", "Adaptive_RIF"),
}
_MEMBERS = _TYPES.keys() | _CHOICES.keys() | {"pairedSimulator", "noise"}


def read(path: Path) -> list[Target]:
    """Return the targets of one file.

    Raises:
        ValueError: something is missing, unknown, or not of its kind; the message says what.

    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        common = OPTIONAL | content["defaults"]
        return [_target(content["provider"], common | entry) for entry in content["targets"]]
    except KeyError as error:
        raise ValueError(f"{path.name}: {error} is missing.") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _target(provider: str, entry: dict[str, Any]) -> Target:
    _check(entry)
    return Target(
        provider=provider,
        id=entry["id"],
        kind=entry["kind"],
        simulator=entry["simulator"],
        num_qubits=entry["numQubits"],
        max_shots=entry["maxShots"],
        default_shots=entry["defaultShots"],
        target_profile=entry["targetProfile"],
        native_gates=tuple(entry["nativeGates"]),
        paired_simulator=entry["pairedSimulator"],
        noise=entry["noise"],
        average_queue_time=entry["averageQueueTime"],
        status_page=entry["statusPage"],
        listed=entry["listed"],
        input_formats=tuple(entry["inputFormats"]),
        output_formats=tuple(entry["outputFormats"]),
        counted_gates=entry["countedGates"],
        cost_dimensions=tuple(_dimension(one) for one in entry["costDimensions"]),
        pricing=_pricing(entry["pricing"]),
    )


def _check(entry: dict[str, Any]) -> None:
    if unknown := sorted(entry.keys() - _MEMBERS):
        raise ValueError(f"{entry.get('id')}: {unknown[0]} means nothing.")
    for name, kind in _TYPES.items():
        if not isinstance(entry[name], kind):
            raise TypeError(f"{entry['id']}: {name} is {entry[name]!r}.")
    for name, choices in _CHOICES.items():
        if entry[name] not in choices:
            raise ValueError(f"{entry['id']}: {name} is {entry[name]!r}, not one of {choices}.")
    if not 1 <= entry["defaultShots"] <= entry["maxShots"]:
        raise ValueError(f"{entry['id']}: defaultShots is not within 1 and maxShots.")
    if not entry["inputFormats"] or not entry["outputFormats"]:
        raise ValueError(f"{entry['id']}: there is no format.")


def _dimension(entry: dict[str, Any]) -> CostDimension:
    if entry["amount"] not in get_args(Amount.__value__):
        raise ValueError(f"{entry['dimensionId']}: no formula is called {entry['amount']!r}.")
    return CostDimension(
        id=entry["dimensionId"],
        name=entry["dimensionName"],
        unit=entry["measureUnit"],
        amount=entry["amount"],
        unit_price=entry["unitPrice"],
    )


def _pricing(entry: dict[str, Any]) -> Pricing:
    return Pricing(
        currency=entry["currency"],
        minimum=entry.get("minimum", 0.0),
        minimum_unmitigated=entry.get("minimumUnmitigated"),
    )
