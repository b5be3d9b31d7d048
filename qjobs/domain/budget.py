"""Budgets: the limits of a job on money, shots and circuits, over all its steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from qjobs.domain.money import Money
from qjobs.domain.price import Cost
from qjobs.domain.totals import Totals

_CURRENCY = re.compile(r"[A-Z]{3}")
_MEMBERS = ("amount", "currency", "shots", "circuits")
_LARGEST = 2**53
"""Of a number that every client can write down exactly."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a job may take: money, shots of all circuits together, circuits."""

    amount: float | None = None
    currency: str | None = None
    """Of the amount, by ISO 4217."""
    shots: int | None = None
    circuits: int | None = None

    def pays(self, cost: Cost | None) -> bool:
        """Return whether a cost is known and within the amount; any is without an amount."""
        if self.amount is None:
            return True
        if cost is None:
            return False
        return not cost.at_most or (cost.currency == self.currency and cost.at_most <= self.amount)

    def overrun(self, totals: Totals) -> str | None:
        """Return how *totals* are more than the budget allows; None if they are not."""
        if self.circuits is not None and totals.circuits > self.circuits:
            return f"It takes {totals.circuits} circuits; its budget is {self.circuits}."
        if self.shots is not None and totals.shots > self.shots:
            return f"It takes {totals.shots} shots; its budget is {self.shots}."
        return None if self.amount is None else self._overrun_of_money(totals, self.amount)

    def _overrun_of_money(self, totals: Totals, most: float) -> str | None:
        budget = f"its budget is {Money(most, self.currency)}."
        if totals.cost is None:
            return f"What it costs is not known before it runs; {budget} Name another target."
        cost = Money(totals.cost, totals.currency)
        if cost.amount and cost.currency != self.currency:
            return f"It is paid in {cost.currency}; {budget}"
        return f"It costs {cost}; {budget}" if cost.amount > most else None

    @property
    def document(self) -> dict[str, Any]:
        """The form in which it is stored, which is that of the caller's."""
        members = {name: getattr(self, name) for name in _MEMBERS}
        return {name: value for name, value in members.items() if value is not None}


def budget_violations(value: object) -> Iterator[tuple[str, str]]:
    """Yield every rule that a budget breaks, as a pointer into it and a detail."""
    if not isinstance(value, Mapping) or not value:
        yield "", "Must be an object with amount and currency, shots or circuits."
        return
    for name in value:
        if name not in _MEMBERS:
            yield f"/{name}", f"Unknown member; there are: {', '.join(_MEMBERS)}."
    for name in ("shots", "circuits"):
        number = value.get(name)
        if name in value and (type(number) is not int or not 1 <= number <= _LARGEST):
            yield f"/{name}", f"Must be an integer from 1 to {_LARGEST}."
    amount, currency = value.get("amount"), value.get("currency")
    if "amount" in value and not _is_amount(amount):
        yield "/amount", "Must be a number from 0 on."
    if "currency" in value and not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        yield "/currency", "Must be a currency by ISO 4217, such as USD."
    if ("amount" in value) != ("currency" in value):
        yield "", "An amount needs a currency, and a currency an amount."


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) and 0 <= value <= _LARGEST
