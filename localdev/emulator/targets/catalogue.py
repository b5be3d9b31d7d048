"""The targets of the workspace; `targets.json` is the list to add one to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TARGETS_FILE = Path(__file__).with_name("targets.json")


@dataclass(frozen=True, slots=True)
class Target:
    """What one target can do and what it says about itself."""

    provider: str
    id: str
    simulator: str
    """Which of `simulators` computes for it."""
    num_qubits: int
    max_shots: int
    default_shots: int
    target_profile: str
    average_queue_time: int
    """Seconds."""
    status_page: str
    input_formats: tuple[str, ...]
    output_formats: tuple[str, ...]
    """The first one unless the job asks for another."""
    cost_dimensions: tuple[dict[str, str], ...]
    """`dimensionId`, `dimensionName` and `measureUnit` of each."""

    def cost_estimate(self) -> dict[str, Any]:
        """Return the `costEstimate` of a finished job: nothing here costs money."""
        nothing = {"amountBilled": 0.0, "amountConsumed": 0.0, "unitPrice": 0.0}
        events = [dimension | nothing for dimension in self.cost_dimensions]
        return {"currencyCode": "USD", "events": events, "estimatedTotal": 0.0}

    def status(self) -> dict[str, Any]:
        """Return the target's part of `providerStatus`."""
        return {
            "id": self.id,
            "currentAvailability": "Available",
            "averageQueueTime": self.average_queue_time,
            "statusPage": self.status_page,
            "numQubits": self.num_qubits,
            "targetProfile": self.target_profile,
            "metadata": None,
        }


@cache
def all_targets() -> dict[str, Target]:
    """Return the targets by their id."""
    listed = json.loads(TARGETS_FILE.read_text(encoding="utf-8"))
    return {entry["id"]: _target(entry) for entry in listed}


def provider_status() -> list[dict[str, Any]]:
    """Return the `value` of `providerStatus`: providers, each with its targets."""
    providers: dict[str, list[dict[str, Any]]] = {}
    for target in all_targets().values():
        providers.setdefault(target.provider, []).append(target.status())
    return [
        {"id": provider, "currentAvailability": "Available", "targets": targets}
        for provider, targets in providers.items()
    ]


def _target(entry: dict[str, Any]) -> Target:
    return Target(
        provider=entry["provider"],
        id=entry["id"],
        simulator=entry["simulator"],
        num_qubits=entry["numQubits"],
        max_shots=entry["maxShots"],
        default_shots=entry["defaultShots"],
        target_profile=entry["targetProfile"],
        average_queue_time=entry["averageQueueTime"],
        status_page=entry["statusPage"],
        input_formats=tuple(entry["inputFormats"]),
        output_formats=tuple(entry["outputFormats"]),
        cost_dimensions=tuple(entry["costDimensions"]),
    )
