"""The settings of a scenario, as one JSON document: a file at the start, or a request later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from azure_quantum_emulator.fault_injection.durations import DURATION, Delay, seconds
from azure_quantum_emulator.fault_injection.faults import (
    JOB_FAULT,
    REQUEST_FAULT,
    JobFault,
    RequestFault,
)
from azure_quantum_emulator.fault_injection.quotas import QUOTA, Quota
from azure_quantum_emulator.fault_injection.targets import TARGET, TIMING, TargetSettings, delay_in
from azure_quantum_emulator.fault_injection.validation import SettingsError, check

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Scenario of the emulator: time, queues, faults and quotas",
    "type": "object",
    "description": "a JSON object with settings",
    "properties": {
        "seed": {"type": "integer", "description": "a whole number"},
        **TIMING,
        "targets": {
            "type": "object",
            "additionalProperties": TARGET,
            "description": "an object with targets by their ids",
        },
        "faults": {"type": "array", "items": REQUEST_FAULT, "description": "a list of faults"},
        "jobFaults": {"type": "array", "items": JOB_FAULT, "description": "a list of job faults"},
        "quotas": {"type": "array", "items": QUOTA, "description": "a list of quotas"},
        "sasLifetime": DURATION,
        "sessionTimeout": DURATION,
    },
    "additionalProperties": False,
}
"""JSON schema of the settings."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked for; without anything the emulator is as quick and as sound as it can be."""

    seed: int = 0
    """Of everything that is left to chance."""
    queue_delay: Delay | None = None
    """How long jobs wait whose targets do not say."""
    execution_time: Delay | None = None
    """How long jobs execute at least whose targets do not say."""
    targets: Mapping[str, TargetSettings] = field(default_factory=dict)
    """By the id of the target."""
    faults: tuple[RequestFault, ...] = ()
    job_faults: tuple[JobFault, ...] = ()
    quotas: tuple[Quota, ...] = ()
    sas_lifetime: float = 14 * 86_400.0
    """Seconds that a shared access signature is good for."""
    session_timeout: float = 600.0
    """Seconds after which a session without a new job is over."""

    @classmethod
    def from_json(cls, document: Any) -> Self:  # noqa: ANN401 - JSON
        """Return the settings that a JSON document describes.

        Raises:
            SettingsError: it describes none; the message says where and why.

        """
        check(document, SCHEMA)
        default = cls()
        return cls(
            seed=int(document.get("seed", default.seed)),
            queue_delay=delay_in(document, "queueDelay"),
            execution_time=delay_in(document, "executionTime"),
            targets={
                target: TargetSettings.from_json(asked)
                for target, asked in document.get("targets", {}).items()
            },
            faults=tuple(RequestFault.from_json(each) for each in document.get("faults", ())),
            job_faults=tuple(JobFault.from_json(each) for each in document.get("jobFaults", ())),
            quotas=tuple(Quota.from_json(each) for each in document.get("quotas", ())),
            sas_lifetime=seconds(document.get("sasLifetime", default.sas_lifetime)),
            session_timeout=seconds(document.get("sessionTimeout", default.session_timeout)),
        )

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Return the settings that a file describes.

        Raises:
            OSError: the file cannot be read.
            SettingsError: it describes none; the message says where and why.

        """
        return cls.from_json(parse(path.read_bytes()))

    def to_json(self) -> dict[str, Any]:
        """Return the document that describes them in full, with durations in seconds."""
        timing = TargetSettings(self.queue_delay, self.execution_time)
        return {
            "seed": self.seed,
            **timing.to_json(),
            "targets": {target: asked.to_json() for target, asked in self.targets.items()},
            "faults": [fault.to_json() for fault in self.faults],
            "jobFaults": [fault.to_json() for fault in self.job_faults],
            "quotas": [quota.to_json() for quota in self.quotas],
            "sasLifetime": self.sas_lifetime,
            "sessionTimeout": self.session_timeout,
        }

    def patched(self, patch: Any) -> Self:  # noqa: ANN401 - JSON
        """Return the settings changed by a JSON merge patch (RFC 7396): null takes a field away.

        Raises:
            SettingsError: the patch is no object, or what comes of it describes no settings.

        """
        if not isinstance(patch, dict):
            raise SettingsError("", f"{patch!r} is not {SCHEMA['description']}.")
        return self.from_json(_merged(self.to_json(), patch))


def parse(text: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what JSON text says.

    Raises:
        SettingsError: it is not JSON.

    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise SettingsError("", f"not JSON: {error}.") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number of JSON")


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
