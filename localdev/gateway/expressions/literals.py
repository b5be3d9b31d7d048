"""Literals: parses them to a type and a constant."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from localdev.gateway.expressions.numbers import fits
from localdev.gateway.expressions.types import BOOL, CHAR, INT, LONG, NULL, STRING, Type

_QUOTED = re.compile(
    r"""(["'])( [^\\\0\r\n\u0085\u2028\u2029] | \\["'\\abfnrtv]
    | \\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4} )*\1""",
    re.VERBOSE,
)
"""Literals that mean the same in Python: of one line, without halves of characters."""
_INTEGER = re.compile("([0-9]{1,19})([lL]?)")

type Read = Callable[[str], tuple[Type, object] | None]
"""Returns type and value of a literal as it is written, or None if it is not understood."""


def _integer(source: str) -> tuple[Type, object] | None:
    match = _INTEGER.fullmatch(source)
    if match is None:
        return None
    value, long = int(match[1]), bool(match[2])
    if fits(value, 33) and not fits(value, 32) and not long:
        return None  # an unsigned int, of which nothing else is known here
    type_ = INT if fits(value, 32) and not long else LONG
    return (type_, value) if fits(value, 64) else None


def _string(source: str) -> tuple[Type, object] | None:
    return (STRING, ast.literal_eval(source)) if _QUOTED.fullmatch(source) else None


def _verbatim(source: str) -> tuple[Type, object] | None:
    # Later versions of C# have letters behind the quotation mark.
    return (STRING, source[2:-1].replace('""', '"')) if source[-1] == '"' else None


def _character(source: str) -> tuple[Type, object] | None:
    value = ast.literal_eval(source) if _QUOTED.fullmatch(source) else ""
    return (CHAR, value) if len(value) == 1 and value <= "\uffff" else None


LITERALS: dict[str, Read] = {
    "boolean_literal": lambda source: (BOOL, source == "true"),
    "character_literal": _character,
    "integer_literal": _integer,
    "null_literal": lambda _: (NULL, None),
    "string_literal": _string,
    "verbatim_string_literal": _verbatim,
}
