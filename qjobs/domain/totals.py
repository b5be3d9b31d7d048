"""Totals: circuits, shots, gates and cost of all steps of a job together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from qjobs.domain.algorithm import JSONObject, Program
from qjobs.domain.plan import ProviderStatus
from qjobs.domain.times import from_text, to_text_or_none

_DECIMALS = 6
"""Of an amount of money: sums of decimal fractions stay the fractions that they are."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of the steps that a job has finished."""

    steps: int = 0
    circuits: int = 0
    shots: int = 0
    """Of all circuits together."""
    gates: dict[str, int] = field(default_factory=dict)
    """The number of each gate in all circuits, by Qiskit's name."""
    cost: float | None = None
    """None if the provider did not say."""
    currency: str | None = None
    accepted: datetime | None = None
    """When the provider took the first circuit, by its clock."""
    began: datetime | None = None
    """When the first circuit began, by the provider's clock."""

    def with_step(
        self, runs: Iterable[tuple[Program, int]], statuses: Sequence[ProviderStatus] = ()
    ) -> Totals:
        """Return the totals with one more step.

        Args:
            runs: the program of each provider job of the step, with its shots
            statuses: what the provider says of them; empty before they have ended

        """
        circuits, shots, gates = self.circuits, self.shots, Counter(self.gates)
        for program, count in runs:
            circuits, shots = circuits + 1, shots + count
            gates.update(program.gates)
        costs = [one.cost for one in statuses if one.cost is not None]
        if self.cost is not None:
            costs.append(self.cost)
        currency = next((one.currency for one in statuses if one.currency), None)
        accepted = [one.accepted for one in statuses if one.accepted]
        began = [one.began for one in statuses if one.began]
        return replace(
            self,
            steps=self.steps + 1,
            circuits=circuits,
            shots=shots,
            gates=dict(gates),
            cost=round(sum(costs), _DECIMALS) if costs else None,
            currency=self.currency or currency,
            accepted=self.accepted or min(accepted, default=None),
            began=self.began or min(began, default=None),
        )

    @property
    def document(self) -> JSONObject:
        """The form in which they are stored with the step that follows."""
        return {
            "steps": self.steps,
            "circuits": self.circuits,
            "shots": self.shots,
            "gates": self.gates,
            "cost": self.cost,
            "currency": self.currency,
            "accepted": to_text_or_none(self.accepted),
            "began": to_text_or_none(self.began),
        }

    @classmethod
    def of(cls, document: JSONObject) -> Totals:
        """Return the totals that are stored as *document*."""
        times = {name: document[name] for name in ("accepted", "began")}
        moments = {name: from_text(text) if text else None for name, text in times.items()}
        return cls(**{**document, **moments})
