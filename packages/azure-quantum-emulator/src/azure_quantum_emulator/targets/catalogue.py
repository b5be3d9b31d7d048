"""The catalogue of targets, read from the files under `providers/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from azure_quantum_emulator.targets.devices import all_devices
from azure_quantum_emulator.targets.target import ProviderFile, Target

__all__ = ["Availability", "Target", "TargetState", "all_targets", "provider_status"]

PROVIDERS = Path(__file__).with_name("providers")
DESCRIBED_SINCE = date(2026, 1, 15)
"""The first version of the API that tells qubits and profiles of targets."""

type Availability = Literal["Available", "Degraded", "Unavailable"]


@dataclass(frozen=True, slots=True)
class TargetState:
    """The current state of a target; None stands for the target's default."""

    availability: Availability | None = None
    average_queue_time: int | None = None
    """Seconds."""


@cache
def all_targets() -> dict[str, Target]:
    """Return the targets by their id, those not listed included.

    Raises:
        ValueError: a file is not what it should be; the message names it.

    """
    targets: dict[str, Target] = {}
    for path in sorted(PROVIDERS.glob("*.json")):
        for target in ProviderFile.from_file(path).targets:
            if target.id in targets:
                raise ValueError(f"{path.name}: {target.id} is there already.")
            targets[target.id] = target
    for target in targets.values():
        _check_names(target, targets)
    return targets


def provider_status(
    api_version: date, states: Mapping[str, TargetState] | None = None
) -> list[dict[str, Any]]:
    """Return the `value` of `providerStatus`: providers, each with its listed targets.

    Args:
        api_version: the date of the one the client asks with.
        states: by target id, where today is not an ordinary day.

    """
    now = states or {}
    providers: dict[str, list[dict[str, Any]]] = {}
    for target in all_targets().values():
        if target.listed:
            status = _status(target, now.get(target.id, TargetState()), api_version)
            providers.setdefault(target.provider, []).append(status)
    return [
        {"id": provider, "currentAvailability": _best(targets), "targets": targets}
        for provider, targets in providers.items()
    ]


def _check_names(target: Target, targets: Mapping[str, Target]) -> None:
    if target.noise is not None and target.noise not in all_devices():
        raise ValueError(f"{target.id}: noise is {target.noise!r}, and there is no such device.")
    pair = target.paired_simulator
    if pair is not None and (pair not in targets or targets[pair].provider != target.provider):
        raise ValueError(f"{target.id}: {target.provider} has no target {pair!r} to pair it with.")


def _status(target: Target, state: TargetState, api_version: date) -> dict[str, Any]:
    queue_time = state.average_queue_time
    status = {
        "id": target.id,
        "currentAvailability": state.availability or "Available",
        "averageQueueTime": target.average_queue_time if queue_time is None else queue_time,
        "statusPage": target.status_page,
    }
    if api_version < DESCRIBED_SINCE:
        return status
    return status | {
        "numQubits": target.num_qubits,
        "targetProfile": target.target_profile,
        "metadata": None,
    }


def _best(targets: Sequence[Mapping[str, Any]]) -> Availability:
    """Return the availability of a provider: that of its best target, as recorded in 2025."""
    found = {target["currentAvailability"] for target in targets}
    if "Available" in found:
        return "Available"
    return "Degraded" if "Degraded" in found else "Unavailable"
