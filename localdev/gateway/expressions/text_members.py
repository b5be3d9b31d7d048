"""Symbol tables of `string` and `string[]`, and of numbers in a `string`."""

from __future__ import annotations

import re
from collections.abc import Callable

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import integer
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import BOOL, CHAR, COMPARISON, INT, LONG, STRING, STRINGS
from localdev.gateway.expressions.values import not_null

_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and not "\x1c" <= c <= "\x1f")
"""What `Trim` takes off."""


def _cased(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return .NET's change of case, which replaces each character by one."""

    def changed(character: str) -> str:
        new = change(character)
        # Without a culture, no other character becomes an ASCII letter.
        return new if len(new) == 1 and new.isascii() <= character.isascii() else character

    return lambda text: "".join(map(changed, text))


_lower, _upper = _cased(str.lower), _cased(str.upper)


def _searches(method: Callable[[str, str], bool]) -> Method:
    """Return a search that is told how to compare: without that .NET goes by culture."""

    def search(text: str, wanted: str | None, how: str) -> bool:
        sought = not_null(wanted)
        if how == "OrdinalIgnoreCase":
            return method(_upper(text), _upper(sought))
        return method(text, sought)

    return Method((STRING, COMPARISON), BOOL, search)


def _parts(text: str, *separators: str) -> list[str]:
    return re.split("|".join(re.escape(one) for one in separators), text)


def _trimmed(strip: Callable[..., str]) -> Callable[..., str]:
    return lambda text, *characters: strip(text, "".join(characters) or _BLANKS)


def _element(items: list[str], index: int) -> str:
    if not 0 <= index < len(items):
        raise EvaluationError("IndexOutOfRangeException", "The index is out of range.")
    return items[index]


def _parse(bits: int) -> Callable[[str | None], int]:
    return lambda text: integer(not_null(text), bits)


def _try_parse(bits: int) -> Callable[[str | None], tuple[bool, int]]:
    parse = _parse(bits)

    def attempt(text: str | None) -> tuple[bool, int]:
        try:
            return True, parse(text)
        except EvaluationError:
            return False, 0

    return attempt


STRING_PROPERTIES: Properties = {
    # .NET counts a character beyond U+FFFF as two.
    "Length": Property(INT, lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2)
}
STRING_METHODS: Methods = {
    "StartsWith": _searches(str.startswith),
    "EndsWith": _searches(str.endswith),
    "Split": Method((CHAR,), STRINGS, _parts, rest=CHAR),
    "Trim": Method((), STRING, _trimmed(str.strip), rest=CHAR),
    "TrimStart": Method((), STRING, _trimmed(str.lstrip), rest=CHAR),
    "TrimEnd": Method((), STRING, _trimmed(str.rstrip), rest=CHAR),
    "ToLowerInvariant": Method((), STRING, _lower),
    "ToUpperInvariant": Method((), STRING, _upper),
}
STATIC_METHODS: dict[str, Methods] = {
    "string": {"IsNullOrEmpty": Method((STRING,), BOOL, lambda text: not text)},
    **{
        type_.name: {
            "Parse": Method((STRING,), type_, _parse(bits)),
            "TryParse": Method((STRING,), BOOL, _try_parse(bits), out=type_),
        }
        for type_, bits in ((INT, 32), (LONG, 64))
    },
}
ARRAY_METHODS: Methods = {
    "Contains": Method((STRING,), BOOL, lambda items, wanted: wanted in items)
}
ARRAY_INDEX = Method((INT,), STRING, _element)
