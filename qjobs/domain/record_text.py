"""Texts in the record of a job, which storage keeps as ASCII JSON in a header of limited size."""

from __future__ import annotations

import json

_SPACE = r"\u0020"
_DELETE = r"\u007f"


def record_json(value: object) -> str:
    """Return *value* as JSON of visible ASCII characters alone, so that it is a valid header."""
    text = json.dumps(value, separators=(",", ":"))
    # Both only occur inside strings, where their escapes mean the same.
    return text.replace(" ", _SPACE).replace("\x7f", _DELETE)


def record_excerpt(text: str, most: int) -> str:
    """Return *text*, or its beginning and an ellipsis, in at most *most* bytes of a record.

    A letter takes one, a space six, an emoji twelve.
    """
    if _size(text) <= most:
        return text
    left = most - _size("…")
    for end, character in enumerate(text):
        left -= _size(character)
        if left < 0:
            return text[:end] + "…"
    return text


def _size(text: str) -> int:
    return len(record_json(text)) - len('""')
