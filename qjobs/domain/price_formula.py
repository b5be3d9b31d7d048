"""Price formulas as sentences."""

from __future__ import annotations

from qjobs.domain.target_facts import Amount, Price, PriceItem

_UNITS = {
    Amount.ONE_QUBIT_GATE_SHOTS: "for each one-qubit gate and shot",
    Amount.TWO_QUBIT_GATE_SHOTS: "for each two-qubit gate and shot",
    Amount.QUANTUM_CREDITS: (
        "for each of the 5 + C (N1q + 10 N2q + 5 Nm) / 5000 credits of C shots with N1q native "
        "gates on one qubit, N2q on two, and Nm preparations and measurements"
    ),
    Amount.CENTISECONDS: "for each begun 10 ms of execution",
    Amount.HOURS: "for each hour of execution",
}


def formula(price: Price) -> str:
    """Return the price of one program as a sentence."""
    if not any(item.unit_price for item in price.items):
        return "Free of charge."
    amounts = ", ".join(_item(item, price.currency) for item in price.items)
    return f"{amounts}{_minimum(price)}."


def _item(item: PriceItem, currency: str) -> str:
    return f"{item.unit_price:.12g} {currency} {_UNITS[item.amount]}"


def _minimum(price: Price) -> str:
    if not price.minimum:
        return ""
    least = f"; at least {price.minimum:.12g} {price.currency} a program"
    if price.minimum_unmitigated is None:
        return least
    return f"{least}, {price.minimum_unmitigated:.12g} without error mitigation"
