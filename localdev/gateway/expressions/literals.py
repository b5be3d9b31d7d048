"""Literals: parses them to a type and a constant."""

from __future__ import annotations

import re
from collections.abc import Callable

from localdev.gateway.expressions.types import BOOL, CHAR, INT, LONG, NULL, STRING, Type

_ESCAPES = dict(zip("0abfnrtv'\"\\", "\0\a\b\f\n\r\t\v'\"\\", strict=True))
"""Characters by the letter behind the backslash."""
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_LINE_BREAKS = set("\r\n\u0085\u2028\u2029")
"""What C# takes for the end of a line, where no text may end."""
_LARGEST_INT = 2**31 - 1
_LARGEST_UINT = 2**32 - 1
_LARGEST_LONG = 2**63 - 1


type Read = Callable[[str], tuple[Type, object] | None]
"""Returns type and value of a literal as it is written, or None if it is not understood."""


def _unescape(text: str) -> str | None:
    """Return a text with its escape sequences replaced, or None if it is none."""
    unknown = not _LINE_BREAKS.isdisjoint(text)

    def character(match: re.Match[str]) -> str:
        nonlocal unknown
        escape = match[1]
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        unknown = unknown or escape not in _ESCAPES
        return _ESCAPES.get(escape, "")

    value = _ESCAPE.sub(character, text).encode("utf-16", "surrogatepass")
    try:
        return None if unknown else value.decode("utf-16")
    except UnicodeDecodeError:  # half of a character
        return None


def _integer(source: str) -> tuple[Type, object] | None:
    digits = source.replace("_", "")
    long = digits[-1] in "lL"
    digits = digits.rstrip("lL")
    if not digits.isdigit() or int(digits) > _LARGEST_LONG:
        return None
    value = int(digits)
    if _LARGEST_INT < value <= _LARGEST_UINT and not long:
        return None  # an unsigned int, of which nothing else is known here
    return (LONG, value) if long or value > _LARGEST_INT else (INT, value)


def _string(source: str) -> tuple[Type, object] | None:
    value = _unescape(source[1:-1])
    # Later versions of C# have letters behind the quotation mark.
    return None if value is None or source[-1] != '"' else (STRING, value)


def _verbatim(source: str) -> tuple[Type, object] | None:
    return (STRING, source[2:-1].replace('""', '"')) if source[-1] == '"' else None


def _character(source: str) -> tuple[Type, object] | None:
    value = _unescape(source[1:-1])
    return None if value is None or len(value) != 1 or value > "\uffff" else (CHAR, value)


LITERALS: dict[str, Read] = {
    "boolean_literal": lambda source: (BOOL, source == "true"),
    "character_literal": _character,
    "integer_literal": _integer,
    "null_literal": lambda _: (NULL, None),
    "string_literal": _string,
    "verbatim_string_literal": _verbatim,
}
