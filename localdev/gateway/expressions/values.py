"""Values of expressions at run time, and .NET's conversions between them.

`string` is str, `bool` bool, `int` and `long` int, `char` a str of length 1, an array what has
items. Where a value becomes an `object`, it has to know what it was: int is `int`, and the classes
below are for types that Python does not tell apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localdev.gateway.context import Token
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import fits, fraction, integer

_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}(:?\d{2})?)?"
    r"|/Date\(-?\d+([+-]\d{4})?\)/"
)
"""Texts of which Newtonsoft.Json makes dates; some are none, such as 30 February."""
_OPENED = re.compile(r"[\[{]")
_DEEPEST = 64
"""Newtonsoft.Json's limit since version 13."""
_ESCAPED = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Long(int):
    """A `long` in an `object`."""


@dataclass(frozen=True, slots=True)
class JToken:
    """A Newtonsoft.Json token; its JSON value determines the kind of token."""

    json: Any
    """As Python's json module has it."""

    def item(self, key: str | None) -> JToken | None:
        """Return the token under a key; None if there is none.

        Raises:
            EvaluationError: this token has no items with names.

        """
        if isinstance(self.json, dict):
            name = not_null(key)
            return JToken(self.json[name]) if name in self.json else None
        if isinstance(self.json, list):
            raise EvaluationError("ArgumentException", "Accessed with an invalid key.")
        message = "Cannot access child value on Newtonsoft.Json.Linq.JValue."
        raise EvaluationError("InvalidOperationException", message)

    def text(self) -> str:
        """Return the JSON of it in one line."""
        text = json.dumps(self.json, ensure_ascii=False, separators=(",", ":"))
        for character, escape in _ESCAPED.items():
            text = text.replace(character, escape)
        return text


@dataclass(frozen=True, slots=True)
class JProperty:
    """A member of a JSON object."""

    name: str
    value: JToken


def not_null(value: str | None) -> str:
    """Return the argument of a method, which must not be null.

    Raises:
        EvaluationError: it is null.

    """
    if value is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return value


def parse_object(text: str | None) -> JToken:
    """Parse a JSON object to a token.

    Newtonsoft.Json also takes what is nearly JSON, such as names in single quotes; this does not.

    Raises:
        EvaluationError: it is not JSON, or another kind of token.

    """
    source = not_null(text)
    try:
        value = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise EvaluationError("JsonReaderException", str(error)) from error
    if not isinstance(value, dict):
        raise EvaluationError("JsonReaderException", "The JSON is another kind of token.")
    if len(_OPENED.findall(source)) > _DEEPEST and _deeper(value, _DEEPEST):
        raise EvaluationError("JsonReaderException", f"The JSON is deeper than {_DEEPEST}.")
    return JToken(value)


def _deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(item, levels - 1) for item in items)


def render(value: object) -> str:
    """Convert a value to the text that is put into headers, bodies and attributes.

    Raises:
        EvaluationError: it has none that says what it is.

    """
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float():
            return fraction(value)
        case str() | int():
            return str(value)
    raise EvaluationError("InvalidCastException", "The value has no text.")


_BOXED = {"string": str, "bool": bool, "int": int, "long": Long, "Jwt": Token}
"""What values of these types are in an `object`."""


def unbox(name: str, *, nullable: bool = False) -> Callable[[object], object]:
    """Return the unboxing conversion from `object` to the type *name*."""

    def cast(value: object) -> object:
        if value is None:
            if nullable:
                return None
            raise EvaluationError("NullReferenceException", f"null is no {name}.")
        if type(value) is not _BOXED[name]:
            raise EvaluationError("InvalidCastException", f"The value is no {name}.")
        return int(value) if isinstance(value, Long) else value

    return cast


def token_text(value: JToken | None) -> str | None:
    """Convert a token to a string, as Newtonsoft's cast does.

    Raises:
        EvaluationError: it is no scalar, or looks like a date.

    """
    if value is None or value.json is None:
        return None
    if isinstance(value.json, dict | list):
        raise EvaluationError("ArgumentException", "Can not convert an object or array to String.")
    if isinstance(value.json, str) and _DATE.fullmatch(value.json):
        # Newtonsoft has made a date of it, and prints that as the culture says.
        raise EvaluationError("NotSupportedException", "A text that looks like a date is no text.")
    return render(value.json)


def token_integer(bits: int) -> Callable[[JToken | None], int]:
    """Return the conversion of a token to an integer of *bits*, as Newtonsoft's cast does."""
    target = f"Int{bits}"

    def convert(value: JToken | None) -> int:
        if value is None:
            raise EvaluationError("ArgumentNullException", "Value cannot be null.")
        match value.json:
            case str() if not _DATE.fullmatch(value.json):
                return integer(value.json, bits)
            case int() | float():
                number = round(value.json) if math.isfinite(value.json) else 1 << bits
                if not fits(number, bits):
                    raise EvaluationError("OverflowException", f"{number} is no {target}.")
                return number
        raise EvaluationError("ArgumentException", f"Can not convert it to {target}.")

    return convert
