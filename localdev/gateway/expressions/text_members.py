"""Members of `string`, of numbers and of `Math`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    BOOL,
    CHAR,
    COMPARISON,
    DOUBLE,
    INT,
    LONG,
    STRING,
    array,
)
from localdev.gateway.expressions.values import wrap

_NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+[ \t\n\v\f\r]*")
_IGNORE_CASE = "OrdinalIgnoreCase"


def _cased(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return .NET's change of case, which replaces each character by one."""

    def changed(text: str) -> str:
        if text.isascii():
            return change(text)
        return "".join(new if len(new := change(old)) == 1 else old for old in text)

    return changed


_lower, _upper = _cased(str.lower), _cased(str.upper)


def _fold(*texts: str) -> list[str]:
    """Return texts as an ordinal comparison without case sees them."""
    return [_upper(text) for text in texts]


def _compared(method: Callable[[str, str], Any]) -> Callable[[str, str | None, str], Any]:
    """Return the overload of a search that is told how to compare."""

    def search(text: str, wanted: str | None, how: str) -> Any:  # noqa: ANN401 - as the method
        sought = _argument(wanted)
        return method(*_fold(text, sought)) if how == _IGNORE_CASE else method(text, sought)

    return search


def _plain(method: Callable[[str, str], Any]) -> Callable[[str, str | None], Any]:
    return lambda text, wanted: method(text, _argument(wanted))


def _argument(value: str | None) -> str:
    if value is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return value


def _equal(text: str, other: str | None, how: str = "Ordinal") -> bool:
    if other is not None and how == _IGNORE_CASE:
        text, other = _fold(text, other)
    return text == other


def _substring(text: str, start: int, length: int | None = None) -> str:
    end = len(text) if length is None else start + length
    if not 0 <= start <= end <= len(text):
        raise EvaluationError("ArgumentOutOfRangeException", "The part is not within the text.")
    return text[start:end]


def _character(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise out_of_range()
    return text[index]


def out_of_range() -> EvaluationError:
    """Return the exception for an index that is not there."""
    return EvaluationError("IndexOutOfRangeException", "The index is out of range.")


def _index_of(text: str, wanted: str | None, start: int, how: str = "Ordinal") -> int:
    if not 0 <= start <= len(text):
        raise EvaluationError("ArgumentOutOfRangeException", "The start is not within the text.")
    sought = _argument(wanted)
    if how == _IGNORE_CASE:
        text, sought = _fold(text, sought)
    return text.find(sought, start)


def _split(text: str, *separators: str) -> list[str]:
    if not separators:
        return re.split(r"\s", text)
    return re.split("|".join(re.escape(one) for one in separators), text)


def _replace(text: str, old: str | None, new: str | None) -> str:
    if not _argument(old):
        raise EvaluationError("ArgumentException", "The text to replace is empty.")
    return text.replace(str(old), new or "")


def _trimmed(strip: Callable[..., str]) -> Callable[..., str]:
    return lambda text, *characters: strip(text, "".join(characters) or None)


def _parse(bits: int) -> Callable[[str | None], int]:
    def parse(text: str | None) -> int:
        if not _NUMBER.fullmatch(_argument(text)):
            message = "Input string was not in a correct format."
            raise EvaluationError("FormatException", message)
        number = int(_argument(text))
        if number != wrap(number, bits):
            raise EvaluationError("OverflowException", "The number is too large.")
        return number

    return parse


def _try_parse(bits: int) -> Callable[[str | None], tuple[bool, int]]:
    parse = _parse(bits)

    def attempt(text: str | None) -> tuple[bool, int]:
        try:
            return True, parse(text)
        except EvaluationError:
            return False, 0

    return attempt


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

STRING_PROPERTIES: Properties = {"Length": Property(INT, len)}
STRING_METHODS: Methods = {
    **_searches("StartsWith", str.startswith),
    **_searches("EndsWith", str.endswith),
    "Contains": [Method((STRING,), BOOL, _plain(str.__contains__))],
    "Equals": [Method((STRING,), BOOL, _equal), Method((STRING, COMPARISON), BOOL, _equal)],
    "IndexOf": [
        Method((STRING,), INT, lambda text, wanted: _index_of(text, wanted, 0)),
        Method((CHAR,), INT, lambda text, wanted: _index_of(text, wanted, 0)),
        Method((STRING, INT), INT, _index_of),
        Method(
            (STRING, COMPARISON), INT, lambda text, sought, how: _index_of(text, sought, 0, how)
        ),
        Method((STRING, INT, COMPARISON), INT, _index_of),
    ],
    "LastIndexOf": [Method((CHAR,), INT, str.rfind)],
    "Substring": [Method((INT,), STRING, _substring), Method((INT, INT), STRING, _substring)],
    "Split": [Method((), array(STRING), _split, rest=CHAR)],
    "Replace": [Method((STRING, STRING), STRING, _replace)],
    **{name: [Method((), STRING, _trimmed(strip), rest=CHAR)] for name, strip in _TRIMS.items()},
    **{name: [Method((), STRING, change)] for name, change in _CASES.items()},
}
STRING_INDEX = Method((INT,), CHAR, _character)

STATIC_METHODS: dict[str, Methods] = {
    "string": {
        "IsNullOrEmpty": [Method((STRING,), BOOL, lambda text: not text)],
        "IsNullOrWhiteSpace": [Method((STRING,), BOOL, lambda text: not (text or "").strip())],
        "Join": [
            Method(
                (STRING, array(STRING)),
                STRING,
                lambda between, parts: (between or "").join(part or "" for part in parts),
            )
        ],
    },
    "int": {
        "Parse": [Method((STRING,), INT, _parse(32))],
        "TryParse": [Method((STRING,), BOOL, _try_parse(32), out=INT)],
    },
    "long": {
        "Parse": [Method((STRING,), LONG, _parse(64))],
        "TryParse": [Method((STRING,), BOOL, _try_parse(64), out=LONG)],
    },
    "Math": {
        name: [Method((type_, type_), type_, function) for type_ in (INT, LONG, DOUBLE)]
        for name, function in (("Min", min), ("Max", max))
    },
}
