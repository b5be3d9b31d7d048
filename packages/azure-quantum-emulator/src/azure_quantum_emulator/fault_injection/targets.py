"""What is asked of a target: how long its jobs take, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from azure_quantum_emulator.fault_injection.durations import DELAY, DURATION, Delay, seconds

type Availability = Literal["Available", "Degraded", "Unavailable"]

TIMING: dict[str, Any] = {"queueDelay": DELAY, "executionTime": DELAY}
"""JSON schemas of what is asked of one target or of all."""

TARGET: dict[str, Any] = {
    "type": "object",
    "description": "an object that describes a target",
    "properties": {
        **TIMING,
        "availability": {"enum": list(get_args(Availability.__value__))},
        "averageQueueTime": DURATION,
    },
    "additionalProperties": False,
}
"""JSON schema of a `TargetSettings`."""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """What is asked of one target; None asks for nothing."""

    queue_delay: Delay | None = None
    """How long a job waits before it may execute."""
    execution_time: Delay | None = None
    """How long a job executes at least."""
    availability: Availability | None = None
    """Jobs of a target that is `Unavailable` wait until it is something else."""
    average_queue_time: int | None = None
    """Seconds; what the target reports, whatever its jobs really wait."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return what *value*, which fits the schema, asks for."""
        reported = value.get("averageQueueTime")
        return cls(
            queue_delay=delay_in(value, "queueDelay"),
            execution_time=delay_in(value, "executionTime"),
            availability=value.get("availability"),
            average_queue_time=None if reported is None else round(seconds(reported)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as settings hold it."""
        asked = {
            "queueDelay": self.queue_delay and self.queue_delay.to_json(),
            "executionTime": self.execution_time and self.execution_time.to_json(),
            "availability": self.availability,
            "averageQueueTime": self.average_queue_time,
        }
        return {name: value for name, value in asked.items() if value is not None}


def delay_in(value: Mapping[str, Any], field: str) -> Delay | None:
    """Return the delay that a field describes; None if there is no such field."""
    return Delay.from_json(value[field]) if field in value else None
