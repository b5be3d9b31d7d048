"""Circuits as they travel: lowered to a provider's program, with what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qjobs.domain.algorithm import JSONObject


@dataclass(frozen=True, slots=True)
class Program:
    """One circuit, ready for a provider."""

    format: str
    """Azure Quantum's name of the format, such as qir.v1."""
    text: str
    qubits: int
    depth: int
    gates: dict[str, int]
    """How often each gate occurs, by Qiskit's name."""

    def metrics(self) -> JSONObject:
        """Return what a caller is told of the circuit."""
        return {"qubits": self.qubits, "depth": self.depth, "gates": self.gates}


@dataclass(frozen=True, slots=True)
class Plan:
    """The programs of one step and the state to resume with."""

    programs: tuple[Program, ...]
    state: JSONObject

    @property
    def qubits(self) -> int:
        """The number of qubits a target needs."""
        return max(program.qubits for program in self.programs)


@dataclass(frozen=True, slots=True)
class ProviderJob:
    """A program with all that a provider needs to run it."""

    id: str
    name: str
    target: str
    provider: str
    program: Program
    shots: int
    seed: int | None
    options: JSONObject
    trace_parent: str | None = None
    """W3C trace context of the request that started it."""


class Phase(StrEnum):
    """Where a provider's job stands, as far as the engine cares."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """What a provider says of one job."""

    phase: Phase
    failure: str | None = None
    """The provider's reason, when it failed."""
    began: datetime | None = None
    ended: datetime | None = None
    cost: float | None = None
    currency: str | None = None

    @property
    def ended_well(self) -> bool:
        """Whether its readings are there."""
        return self.phase is Phase.SUCCEEDED

    @property
    def over(self) -> bool:
        """Whether it will not change any more."""
        return self.phase not in {Phase.WAITING, Phase.RUNNING}
