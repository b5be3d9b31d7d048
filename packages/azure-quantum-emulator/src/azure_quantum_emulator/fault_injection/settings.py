"""The settings of a scenario, as one JSON document: a file at the start, or a request later."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field

from azure_quantum_emulator.fault_injection.durations import Delay, Duration, seconds
from azure_quantum_emulator.fault_injection.faults import JobFault, RequestFault
from azure_quantum_emulator.fault_injection.quotas import Quota
from azure_quantum_emulator.json_model import WHOLE, DocumentError, Integer, JsonModel

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


class Settings(Timing):
    """The settings; without any the emulator is as quick and as reliable as it can be."""

    model_config = ConfigDict(title="Scenario of the emulator: time, queues, faults and quotas")

    seed: Integer = 0
    """a whole number, which everything random depends on"""
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    """an object with settings of targets by their ids"""
    faults: list[RequestFault] = Field(default_factory=list)
    """a list of faults of requests"""
    job_faults: list[JobFault] = Field(default_factory=list)
    """a list of faults of jobs"""
    quotas: list[Quota] = Field(default_factory=list)
    """a list of quotas; without any, those of IonQ and Quantinuum that nobody exhausts by chance"""
    sas_lifetime: Duration = 14 * 86_400.0
    """the duration for which a shared access signature is good"""
    session_timeout: Duration = 600.0
    """the duration after which a session without a new job is over"""
    time_limit: Duration = 120.0
    """the duration after which a program is ended, in real time"""
    memory_limit: Annotated[int, Field(ge=1), WHOLE] = 4096
    """the mebibytes that a program may take, a whole number"""

    def patched(self, patch: Any) -> Self:  # noqa: ANN401 - JSON
        """Return the settings changed by a JSON merge patch (RFC 7396): null takes a field away.

        Raises:
            DocumentError: the patch is no object, or what comes of it describes no settings.

        """
        if not isinstance(patch, dict):
            raise DocumentError("", f"{patch!r} is not a JSON object with settings.")
        return self.from_json(_merged(self.to_json(), patch))


def _merged(document: Any, patch: Any) -> Any:  # noqa: ANN401 - JSON
    # A delay is one value: parameters of different distributions do not mix.
    if not isinstance(patch, dict) or "distribution" in patch:
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged
