"""Values of expressions, and .NET's conversions between them.

`string` is str, `bool` bool, `int` and `long` int, `double` float, `char` a str of length 1, `Guid`
UUID, an array list. Where a value becomes an `object`, it has to know what it was: int is `int`,
and the classes below are for types that Python does not tell apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from localdev.gateway.context import Token
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import fraction, integer, wrap

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:?\d{2})?")
_OPENED = re.compile(r"[\[{]")
_DEEPEST = 64
"""Newtonsoft.Json's limit since version 13."""
_ESCAPED = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Long(int):
    """A `long` in an `object`."""


class Char(str):
    """A `char` in an `object`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class JToken:
    """A token of Newtonsoft.Json; which kind of token is what its JSON value says."""

    json: Any
    """As Python's json module has it."""

    def item(self, key: str | int | None) -> JToken | None:
        """Return the token under a key; None if there is none.

        Raises:
            EvaluationError: this token has no items of that kind.

        """
        if key is None:
            raise EvaluationError("ArgumentNullException", "Value cannot be null.")
        if isinstance(self.json, dict) and isinstance(key, str):
            return JToken(self.json[key]) if key in self.json else None
        if isinstance(self.json, list) and isinstance(key, int):
            if 0 <= key < len(self.json):
                return JToken(self.json[key])
            raise EvaluationError("ArgumentOutOfRangeException", "The index is out of range.")
        if isinstance(self.json, dict | list):
            raise EvaluationError("ArgumentException", "Accessed with an invalid key.")
        message = "Cannot access child value on Newtonsoft.Json.Linq.JValue."
        raise EvaluationError("InvalidOperationException", message)

    def text(self, *, indented: bool = True) -> str:
        """Return what `ToString` returns."""
        if not isinstance(self.json, dict | list):
            scalar = "" if self.json is None else str(render(self.json))
            return scalar if indented else _dump(self.json)
        return _dump(self.json, indent=2) if indented else _dump(self.json)


@dataclass(frozen=True, slots=True)
class JProperty:
    """A member of an object."""

    name: str
    value: JToken


def parse(text: str, wanted: type = object) -> JToken:
    """Return the token that a text is.

    Newtonsoft.Json also takes what is nearly JSON, such as names in single quotes; this does not.

    Raises:
        EvaluationError: it is not JSON, or another kind of token.

    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EvaluationError("JsonReaderException", str(error)) from error
    if not isinstance(value, wanted):
        raise EvaluationError("JsonReaderException", "The JSON is another kind of token.")
    if len(_OPENED.findall(text)) > _DEEPEST and _deeper(value, _DEEPEST):
        raise EvaluationError("JsonReaderException", f"The JSON is deeper than {_DEEPEST}.")
    return JToken(value)


def _deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(item, levels - 1) for item in items)


def token(value: str | float | None) -> JToken:
    """Return the token of a primitive value."""
    return JToken(value)


def render(value: object) -> str:
    """Return a value as text, as it is put into headers, bodies and attributes."""
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float():
            return fraction(value)
        case JToken():
            return value.text()
        case UUID() | str() | int():
            return str(value)
    raise EvaluationError("InvalidCastException", "The value has no text.")


def box(name: str) -> Callable[[Any], Any]:
    """Return what a value of the type *name* is in an `object`."""
    return {"long": Long, "char": Char}.get(name, lambda value: value)


_BOXED: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str,
    "bool": lambda value: type(value) is bool,
    "int": lambda value: type(value) is int,
    "long": lambda value: type(value) is Long,
    "double": lambda value: type(value) is float,
    "char": lambda value: type(value) is Char,
    "Guid": lambda value: type(value) is UUID,
    "Jwt": lambda value: type(value) is Token,
    "JToken": lambda value: type(value) is JToken,
    "JObject": lambda value: type(value) is JToken and isinstance(value.json, dict),
    "JArray": lambda value: type(value) is JToken and isinstance(value.json, list),
}
_UNBOXED: dict[str, Callable[[Any], Any]] = {"long": int, "char": str}


def boxed(name: str) -> Callable[[Any], bool] | None:
    """Return what says whether an `object` is of the type *name*; None if there is no such type."""
    return _BOXED.get(name)


def unbox(name: str, *, nullable: bool) -> Callable[[Any], Any] | None:
    """Return the cast of an `object` to the type *name*, or None if there is no such type."""
    if name not in _BOXED:
        return None
    fits, plain = _BOXED[name], _UNBOXED.get(name, lambda value: value)

    def cast(value: object) -> object:
        if value is None:
            if nullable:
                return None
            raise EvaluationError("NullReferenceException", f"null is no {name}.")
        if not fits(value):
            raise EvaluationError("InvalidCastException", f"The value is no {name}.")
        return plain(value)

    return cast


def from_token(name: str) -> Callable[[Any], Any] | None:
    """Return Newtonsoft's cast of a token to the type *name*, or None if there is none."""
    return _FROM_TOKEN.get(name)


def _to_string(value: JToken | None) -> str | None:
    if value is None or value.json is None:
        return None
    if isinstance(value.json, dict | list):
        raise EvaluationError("ArgumentException", "Can not convert an object or array to String.")
    if isinstance(value.json, str) and _DATE.fullmatch(value.json):
        # Newtonsoft has made a date of it, and prints that as the culture says.
        raise EvaluationError("NotSupportedException", "A text that looks like a date is no text.")
    return render(value.json)


def _scalar(value: JToken | None, target: str) -> str | float:
    if value is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    if isinstance(value.json, str | int | float):
        return value.json
    raise EvaluationError("ArgumentException", f"Can not convert it to {target}.")


def _to_integer(bits: int) -> Callable[[JToken | None], int]:
    target = f"Int{bits}"

    def convert(value: JToken | None) -> int:
        scalar = _scalar(value, target)
        if isinstance(scalar, str):
            return integer(scalar, bits)
        number = round(scalar) if math.isfinite(scalar) else 1 << bits
        if number != wrap(number, bits):
            raise EvaluationError("OverflowException", f"{scalar} is too large for {target}.")
        return number

    return convert


def _to_boolean(value: JToken | None) -> bool:
    scalar = _scalar(value, "Boolean")
    if not isinstance(scalar, str):
        return bool(scalar)
    if scalar.strip().lower() not in {"true", "false"}:
        raise EvaluationError("FormatException", f"{scalar!r} is no Boolean.")
    return scalar.strip().lower() == "true"


def _kind(wanted: type, name: str) -> Callable[[JToken | None], JToken | None]:
    def convert(value: JToken | None) -> JToken | None:
        if value is not None and not isinstance(value.json, wanted):
            raise EvaluationError("InvalidCastException", f"The token is no {name}.")
        return value

    return convert


_FROM_TOKEN: dict[str, Callable[[Any], Any]] = {
    "string": _to_string,
    "int": _to_integer(32),
    "long": _to_integer(64),
    "bool": _to_boolean,
    "JObject": _kind(dict, "JObject"),
    "JArray": _kind(list, "JArray"),
}


def _dump(value: object, indent: int | None = None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    for character, escape in _ESCAPED.items():
        text = text.replace(character, escape)
    return text
