"""The execution of a step: its target, its options, and the shots and seeds of its circuits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.identifiers import circuit_seed, session_id
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.options import merged
from qjobs.domain.plan import Plan
from qjobs.domain.price import portions
from qjobs.domain.target_choice import TargetChoice
from qjobs.domain.totals import Totals


@dataclass(frozen=True, slots=True)
class Part:
    """The shots of one provider job: all that a circuit has, or a part of them.

    A circuit that has more than its target takes at once runs in several parts, each with a seed of
    its own, whose counts are added up.
    """

    circuit: int
    """The place of its program in the plan, from 0."""
    shots: int
    seed: int | None


@dataclass(frozen=True, slots=True)
class Execution:
    """The options of execution of a step's circuits, decided once and stored with them."""

    target: TargetChoice
    options: JSONObject
    """Passed on to the provider."""
    parts: tuple[Part, ...]
    """Those of each circuit follow each other."""
    session: str | None = None
    """The session of the workspace in which the steps of a loop run."""
    before: Totals = field(default_factory=Totals)
    """The totals of the steps before."""

    @classmethod
    def decide(  # noqa: PLR0913 - all that is decided before a step is placed
        cls,
        job: Job,
        job_input: JobInput,
        target: TargetChoice,
        step: int,
        plan: Plan,
        *,
        loops: bool = False,
    ) -> Execution:
        """Return the execution of a job's step at a target.

        An algorithm that *loops* has its steps in a session, where the target has sessions. Its
        caller's options win over those that ask a simulator for the noise of a device: then it has
        that noise no more.
        """
        split = [
            (circuit, shots)
            for circuit, asked in enumerate(plan.shots_of(job.shots))
            for shots in portions(asked, target.facts.largest_shots if target.facts else asked)
        ]
        parts = [
            Part(circuit, shots, None if job.seed is None else circuit_seed(job.seed, step, index))
            for index, (circuit, shots) in enumerate(split)
        ]
        options = merged(target.options, job_input.options)
        if merged(options, target.options) != options:
            target = replace(target, device=None)
        in_session = loops and target.facts is not None and target.facts.sessions
        session = session_id(job.id, target.id) if in_session else None
        return cls(target, options, tuple(parts), session)
