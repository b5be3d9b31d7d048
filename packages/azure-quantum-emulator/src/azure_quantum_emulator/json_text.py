"""A strict parser of JSON (RFC 8259): every value it returns can be written again.

Python's reader takes more: NaN, numbers beyond range, halves of characters. Such a value in a
document makes every answer that shows the document impossible.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

DEEPEST = 100
"""Levels of nesting; no client has a reason for more, and readers have limits of their own."""
_MOST_DIGITS = 20
_LEAST, _GREATEST = -(2**63), 2**63 - 1
_SHOWN = 40


def parse(text: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a JSON text.

    Raises:
        ValueError: it is none, or has a number out of range, half a character, or too many levels;
            the message says what.

    """
    try:
        value = json.loads(
            text.decode("utf-8-sig"),
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except RecursionError:
        raise ValueError(f"it has more than {DEEPEST} levels") from None
    _check(value)
    return value


def _constant(text: str) -> None:
    raise ValueError(f"{text} is not a number of JSON")


def _integer(text: str) -> int:
    value = int(text) if len(text) <= _MOST_DIGITS else None
    if value is None or not _LEAST <= value <= _GREATEST:
        raise ValueError(f"{_excerpt(text)} is out of range: a whole number has 64 bits")
    return value


def _real(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{_excerpt(text)} is out of range")
    return value


def _excerpt(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _check(value: object) -> None:
    """Refuse texts and depths that the parser lets through, without recursion."""
    waiting = [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            if level > DEEPEST:
                raise ValueError(f"it has more than {DEEPEST} levels")
            inner = [*item.keys(), *item.values()] if isinstance(item, dict) else item
            waiting += [(one, level + 1) for one in inner]


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{text[error.start]!r} in a text is half a character: a lone surrogate"
        ) from None
