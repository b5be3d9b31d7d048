"""Settings of a target: queue delay, execution time, availability."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from azure_quantum_emulator.fault_injection.durations import Delay, Duration, seconds
from azure_quantum_emulator.json_model import JsonModel

Availability = Literal["Available", "Degraded", "Unavailable"]


class Timing(JsonModel):
    """Delays of jobs, for one target or as the default of all."""

    queue_delay: Delay | None = None
    """how long a job waits before it may execute: a duration or a distribution"""
    execution_time: Delay | None = None
    """how long a job executes at least: a duration or a distribution"""


class TargetSettings(Timing):
    """Settings of one target."""

    availability: Availability | None = None
    """jobs of a target that is `Unavailable` wait until it is something else"""
    average_queue_time: (
        Annotated[
            int,
            BeforeValidator(lambda value: round(seconds(value)), json_schema_input_type=Duration),
        ]
        | None
    ) = None
    """the duration that the target reports, whatever its jobs really wait"""
