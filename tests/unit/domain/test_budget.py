"""Budgets: what is taken, and what is more than they allow."""

from __future__ import annotations

import pytest

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.budget import Budget, budget_violations
from qjobs.domain.money import Money
from qjobs.domain.totals import Totals

TOTALS = Totals(steps=2, circuits=4, shots=400, cost=9.995, currency="USD")


@pytest.mark.parametrize(
    ("budget", "excess"),
    [
        (Budget(circuits=4, shots=400, amount=10.0, currency="USD"), None),
        (Budget(amount=9.995, currency="USD"), None),
        (Budget(circuits=3), "It takes 4 circuits; its budget is 3."),
        (Budget(shots=399), "It takes 400 shots; its budget is 399."),
        (Budget(amount=9.99, currency="USD"), "It costs 9.995 USD; its budget is 9.99 USD."),
        (Budget(amount=0, currency="USD"), "It costs 9.995 USD; its budget is 0.00 USD."),
        (Budget(amount=100, currency="EUR"), "It is paid in USD; its budget is 100.00 EUR."),
    ],
)
def test_every_limit_counts(budget: Budget, excess: str | None) -> None:
    """The first one that is exceeded is named with both figures."""
    assert budget.overrun(TOTALS) == excess


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0.00"), (5, "5.00"), (97.5, "97.50"), (168.195, "168.195"), (0.0002, "0.0002")],
)
def test_money_is_told_to_the_last_digit_of_a_price(amount: float, text: str) -> None:
    """A cost that is above a budget by less than a cent is seen to be above it."""
    assert str(Money(amount, "USD")) == f"{text} USD"


def test_an_unknown_cost_is_no_small_one() -> None:
    """A job whose cost nobody knows is not run under a budget of money."""
    excess = Budget(amount=1.0, currency="USD").overrun(Totals(circuits=1))

    assert excess == (
        "What it costs is not known before it runs; its budget is 1.00 USD. Name another target."
    )


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        ({"amount": 5, "currency": "USD"}, []),
        ({"amount": 0, "currency": "USD"}, []),
        ({"shots": 1}, []),
        ({"circuits": 1, "shots": 1}, []),
        ({}, [""]),
        ([], [""]),
        (5, [""]),
        ({"amount": 5}, [""]),
        ({"currency": "USD"}, [""]),
        ({"amount": -1, "currency": "USD"}, ["/amount"]),
        ({"amount": True, "currency": "USD"}, ["/amount"]),
        ({"amount": "5", "currency": "USD"}, ["/amount"]),
        ({"amount": 5, "currency": "usd"}, ["/currency"]),
        ({"amount": 5, "currency": "USDX"}, ["/currency"]),
        ({"shots": 0}, ["/shots"]),
        ({"shots": 1.5}, ["/shots"]),
        ({"circuits": True}, ["/circuits"]),
        ({"money": 5}, ["/money"]),
    ],
)
def test_every_fault_of_a_budget_is_named(value: JSONObject, pointers: list[str]) -> None:
    """The pointer leads to the member that is wrong."""
    assert [pointer for pointer, _ in budget_violations(value)] == pointers
