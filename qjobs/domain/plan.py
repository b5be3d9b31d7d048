"""Plans: the programs of one step; jobs at the provider, and their statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qjobs.domain.algorithm import JSONObject, Program, Progress
from qjobs.domain.output_event import Origin
from qjobs.domain.price import two_qubit_gates


@dataclass(frozen=True, slots=True)
class CircuitSize:
    """The size of the circuits of a step: of the largest, of the deepest, of all together."""

    qubits: int
    depth: int | None
    """None if it is not known of one, as of finished programs."""
    two_qubit_gates: int

    @classmethod
    def of(cls, programs: Sequence[Program]) -> CircuitSize:
        """Return the size of some circuits; that of none is zero."""
        qubits = max((program.qubits for program in programs), default=0)
        depths = [program.depth for program in programs if program.depth is not None]
        depth = max(depths, default=0) if len(depths) == len(programs) else None
        return cls(qubits, depth, sum(map(two_qubit_gates, programs)))


@dataclass(frozen=True, slots=True)
class Plan:
    """The programs of one step, with the shots of each, and the state to resume with."""

    programs: tuple[Program, ...]
    state: JSONObject
    shots: tuple[int, ...] = ()
    """One number for each program; empty if all have the shots that the caller asked for."""
    progress: Progress | None = None
    best: JSONObject | None = None
    """The result if the job has to end before this step."""

    @property
    def qubits(self) -> int:
        """The number of qubits a target needs."""
        return max(program.qubits for program in self.programs)

    @property
    def size(self) -> CircuitSize:
        """The size of its circuits."""
        return CircuitSize.of(self.programs)

    def shots_of(self, asked: int) -> tuple[int, ...]:
        """Return the shots of each program of a job whose caller *asked* for so many."""
        return self.shots or (asked,) * len(self.programs)


@dataclass(frozen=True, slots=True)
class ProviderJob:
    """One job at the quantum provider: a program with its target, shots, seed and options."""

    id: str
    name: str
    target: str
    provider: str
    program: Program
    shots: int
    seed: int | None
    options: JSONObject
    session: str | None = None
    """The session of the workspace that it belongs to."""
    trace_parent: str | None = None
    """W3C trace context of the request that started it."""
    origin: Origin | None = None
    """Of a circuit that is expected to wait: what the name of its container says."""


class Phase(StrEnum):
    """The states of a provider job that the engine tells apart."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """The status of one provider job, with its times and its cost."""

    phase: Phase
    failure: str | None = None
    """The provider's reason, when it failed."""
    accepted: datetime | None = None
    """When the provider took it, by the provider's clock, as are the other times."""
    began: datetime | None = None
    ended: datetime | None = None
    cost: float | None = None
    currency: str | None = None

    @property
    def taken(self) -> timedelta | None:
        """The time from its acceptance to its end; None if the provider does not tell."""
        return self.ended - self.accepted if self.ended and self.accepted else None

    @property
    def ended_well(self) -> bool:
        """Whether it succeeded, so that its counts are there."""
        return self.phase is Phase.SUCCEEDED

    @property
    def ended_badly(self) -> bool:
        """Whether it failed or was canceled."""
        return self.phase in {Phase.FAILED, Phase.CANCELED}

    @property
    def over(self) -> bool:
        """Whether it is in a final state."""
        return self.ended_well or self.ended_badly
