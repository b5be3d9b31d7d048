"""Members of `string`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    BOOL,
    CHAR,
    COMPARISON,
    INT,
    STRING,
    array,
    sequence,
)
from localdev.gateway.expressions.utf16 import join, split

_IGNORE_CASE = "OrdinalIgnoreCase"
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and not "\x1c" <= c <= "\x1f")
_BLANK = re.compile(f"[{_BLANKS}]")


def _cased(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return .NET's change of case, which replaces each character by one."""

    def changed(text: str) -> str:
        if text.isascii():
            return change(text)
        return "".join(_one_by_one(old, change(old)) for old in text)

    return changed


def _one_by_one(old: str, new: str) -> str:
    # Without a culture, no other character becomes an ASCII letter.
    return old if len(new) != 1 or new.isascii() > old.isascii() else new


_lower, _upper = _cased(str.lower), _cased(str.upper)


def _fold(*texts: str) -> list[str]:
    """Return texts as an ordinal comparison without case sees them."""
    return [_upper(text) for text in texts]


def _compared(method: Callable[[str, str], Any]) -> Callable[[str, str | None, str], Any]:
    """Return the overload of a search that is told how to compare."""

    def search(text: str, wanted: str | None, how: str) -> Any:  # noqa: ANN401 - as the method
        sought = argument(wanted)
        return method(*_fold(text, sought)) if how == _IGNORE_CASE else method(text, sought)

    return search


def _plain(method: Callable[[str, str], Any]) -> Callable[[str, str | None], Any]:
    return lambda text, wanted: method(text, argument(wanted))


def argument(value: str | None) -> str:
    """Return a value that has to be there.

    Raises:
        EvaluationError: it is null.

    """
    if value is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return value


def _equal(text: str, other: str | None, how: str = "Ordinal") -> bool:
    if other is not None and how == _IGNORE_CASE:
        text, other = _fold(text, other)
    return text == other


def _substring(text: str, start: int, length: int | None = None) -> str:
    units = split(text)
    end = len(units) if length is None else start + length
    if not 0 <= start <= end <= len(units):
        raise EvaluationError("ArgumentOutOfRangeException", "The part is not within the text.")
    return join(units[start:end])


def _character(text: str, index: int) -> str:
    units = split(text)
    if not 0 <= index < len(units):
        raise out_of_range()
    return units[index]


def out_of_range() -> EvaluationError:
    """Return the exception for an index that is not there."""
    return EvaluationError("IndexOutOfRangeException", "The index is out of range.")


def _index_of(text: str, wanted: str | None, start: int, how: str = "Ordinal") -> int:
    sought = argument(wanted)
    if how == _IGNORE_CASE:
        text, sought = _fold(text, sought)
    units = split(text)
    if not 0 <= start <= len(units):
        raise EvaluationError("ArgumentOutOfRangeException", "The start is not within the text.")
    return units.find(split(sought), start)


def _last_index_of(text: str, wanted: str | None) -> int:
    return split(text).rfind(split(argument(wanted)))


def _parts(text: str, *separators: str) -> list[str]:
    if not separators:
        return _BLANK.split(text)
    return re.split("|".join(re.escape(one) for one in separators), text)


def _is_blank(text: str | None) -> bool:
    return not (text or "").strip(_BLANKS)


def _joined(between: str | None, parts: Iterable[str | None] | None) -> str:
    if parts is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return (between or "").join(part or "" for part in parts)


def _replace(text: str, old: str | None, new: str | None) -> str:
    if not argument(old):
        raise EvaluationError("ArgumentException", "The text to replace is empty.")
    return text.replace(str(old), new or "")


def _trimmed(strip: Callable[..., str]) -> Callable[..., str]:
    return lambda text, *characters: strip(text, "".join(characters) or _BLANKS)


def _searches(name: str, method: Callable[[str, str], bool]) -> dict[str, list[Method]]:
    compared = Method((STRING, COMPARISON), BOOL, _compared(method))
    return {name: [Method((STRING,), BOOL, _plain(method)), compared]}


_TRIMS = {"Trim": str.strip, "TrimStart": str.lstrip, "TrimEnd": str.rstrip}
_CASES = {
    "ToLower": _lower,
    "ToLowerInvariant": _lower,
    "ToUpper": _upper,
    "ToUpperInvariant": _upper,
    "ToString": lambda text: text,
}

STRING_PROPERTIES: Properties = {"Length": Property(INT, lambda text: len(split(text)))}
STRING_METHODS: Methods = {
    **_searches("StartsWith", str.startswith),
    **_searches("EndsWith", str.endswith),
    "Contains": [Method((STRING,), BOOL, _plain(str.__contains__))],
    "Equals": [Method((STRING,), BOOL, _equal), Method((STRING, COMPARISON), BOOL, _equal)],
    "IndexOf": [
        Method((STRING,), INT, lambda text, wanted: _index_of(text, wanted, 0)),
        Method((CHAR,), INT, lambda text, wanted: _index_of(text, wanted, 0)),
        Method((STRING, INT), INT, _index_of),
        Method((CHAR, INT), INT, _index_of),
        Method(
            (STRING, COMPARISON), INT, lambda text, sought, how: _index_of(text, sought, 0, how)
        ),
        Method((STRING, INT, COMPARISON), INT, _index_of),
    ],
    "LastIndexOf": [Method((type_,), INT, _last_index_of) for type_ in (STRING, CHAR)],
    "Substring": [Method((INT,), STRING, _substring), Method((INT, INT), STRING, _substring)],
    "Split": [
        Method((), array(STRING), _parts, rest=CHAR),
        Method((array(CHAR),), array(STRING), lambda text, chars: _parts(text, *(chars or ()))),
    ],
    "Replace": [Method((STRING, STRING), STRING, _replace)],
    **{name: [Method((), STRING, _trimmed(strip), rest=CHAR)] for name, strip in _TRIMS.items()},
    **{name: [Method((), STRING, change)] for name, change in _CASES.items()},
}
STRING_INDEX = Method((INT,), CHAR, _character)

STATIC_METHODS: dict[str, Methods] = {
    "string": {
        "IsNullOrEmpty": [Method((STRING,), BOOL, lambda text: not text)],
        "IsNullOrWhiteSpace": [Method((STRING,), BOOL, _is_blank)],
        "Join": [
            Method((STRING, sequence(STRING)), STRING, _joined),
            Method((STRING,), STRING, lambda between, *parts: _joined(between, parts), rest=STRING),
        ],
    },
}
