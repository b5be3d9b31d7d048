"""Amounts of money."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

_DECIMALS = 4
"""Of the smallest published price."""
_FORM = re.compile(r"(?P<amount>\d+(\.\d+)?) (?P<currency>[A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money in a currency, by ISO 4217."""

    amount: float
    currency: str | None
    """None if it is not known."""

    @classmethod
    def of(cls, text: str) -> Money:
        """Return the money that a text such as `25 USD` says.

        Raises:
            ValueError: it is of another form.

        """
        found = _FORM.fullmatch(text.strip())
        if found is None or not isfinite(float(found["amount"])):
            raise ValueError(f"{text!r} is no amount of money, such as 25 USD")
        return cls(float(found["amount"]), found["currency"])

    def __str__(self) -> str:
        """Return the text of an error or a log: with cents, and with all that prices go by."""
        whole, _, fraction = f"{self.amount:.{_DECIMALS}f}".partition(".")
        return f"{whole}.{fraction.rstrip('0').ljust(2, '0')} {self.currency}"
