"""The cost of an example at every target with a published price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from qjobs.adapters.target_table import target_facts
from qjobs.domain.options import mitigates_errors
from qjobs.domain.price import Cost, cost_of
from qjobs.domain.target import Target
from qjobs.domain.target_choice import misfit
from qjobs.domain.target_facts import Price, TargetFacts
from tools.algorithm_checks.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class TargetCost:
    """The cost of all steps of an example at one target, by its published price."""

    target: str
    facts: TargetFacts
    price: Price
    cost: Cost | None
    """None if it cannot run there, or no formula says it beforehand."""
    reason: str | None
    """Why there is none."""


def costs(rehearsal: Rehearsal) -> Iterator[TargetCost]:
    """Yield the cost of the steps that ran, as if they had run at each target instead.

    An algorithm that makes its circuits for the target may make others there.
    """
    programs = [one for step in rehearsal.steps for one in step.programs]
    if not programs:
        return
    needs = rehearsal.example.rules.needs.of(rehearsal.programs)
    for name, facts in target_facts().items():
        if facts.price is None:
            continue
        reason = misfit(target_of(name, facts), needs)
        cost = None if reason else cost_of(facts, programs, mitigated=mitigates_errors({}))
        if cost is None and reason is None:
            reason = "Billed by the time that it took, which is known afterwards."
        yield TargetCost(name, facts, facts.price, cost, reason)


def target_of(name: str, facts: TargetFacts) -> Target:
    """Return a target by its facts, as one that is there and has no queue."""
    now, provider = datetime.now(UTC), name.partition(".")[0]
    return Target(name, provider, True, 0, facts.qubits, as_of=now, facts=facts)  # noqa: FBT003 - a field
