"""Values of expressions at run time, and .NET's conversions between them.

`string` is str, `bool` bool, `int` and `long` int, `char` a str of length 1, an array what has
items, `JProperty` a pair of name and JSON value. Where a value becomes an `object`, it has to know
what it was: int is `int`, and the classes below are for types that Python does not tell apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError, UnsupportedValueError
from localdev.gateway.expressions.numbers import fits, integer

_DATE = re.compile(
    r"""\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) T ( ([01]\d|2[0-3]) (:[0-5]\d){2} | 24:00:00 )
    (\.\d{1,7})? ( [Zz] | ([+-]\d\d)? :? (\d\d)? ) | /Date\(-?\d+([+-]\d+)?\)/""",
    re.ASCII | re.VERBOSE,
)
"""Texts of which Newtonsoft.Json makes dates; some are none, such as 30 February."""
_REFUSED_BY_BOTH = re.compile(
    r"""(?!\s*[{/]).* | (?: " (?: [^"\\] | \\ (?:[^']|\Z) )*+ (?:"|\Z)
    | [ \t\r\n\]}] | [\[{:](?!\s*,) | ,(?!\s*[,\]}])
    | (?: true | false | null | -?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)? )(?![\w.+-]|\s*:)
    )*+ [\w.+-]*""",
    re.DOTALL | re.VERBOSE,
)
"""Texts that are no JSON for Newtonsoft.Json either: no object, or of nothing but JSON's tokens."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DEEPEST, _MOST_DIGITS = 64, 380
"""Newtonsoft.Json's limits since version 13."""
_ESCAPED = {character: f"\\u{character:04x}" for character in (0x85, 0x2028, 0x2029)}


class Long(int):
    """A `long` in an `object`."""


class Date(str):
    """A text in JSON of which Newtonsoft.Json makes a date."""

    __slots__ = ()


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


def not_null(value: str | None) -> str:
    """Return the argument of a method, which must not be null.

    Raises:
        EvaluationError: it is null.

    """
    if value is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return value


def present(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value of which a member is used.

    Raises:
        EvaluationError: it is null.

    """
    if value is None:
        message = "Object reference not set to an instance of an object."
        raise EvaluationError("NullReferenceException", message)
    return value


def parse_object(text: str | None) -> JToken:
    """Parse a JSON object to a token.

    Raises:
        EvaluationError: it is not JSON, another kind of token, or nearly JSON, which
            Newtonsoft.Json takes: single quotes, comments, commas at the end, 0x1F, NaN.

    """
    source = not_null(text)
    try:
        value = json.loads(source, strict=False)
    except (ValueError, RecursionError) as error:
        if _REFUSED_BY_BOTH.fullmatch(source):
            raise EvaluationError("JsonReaderException", str(error)) from error
        raise UnsupportedValueError(f"What is only nearly JSON ({error})") from error
    if not isinstance(value, dict):
        raise EvaluationError("JsonReaderException", "The JSON is another kind of token.")
    return JToken(_read(value, _DEEPEST))


def _read(value: Any, levels: int) -> Any:  # noqa: ANN401 - of JSON
    """Return a value of Python's json module as Newtonsoft.Json reads it."""
    match value:
        case str():
            text = _LONE_SURROGATE.sub("\ufffd", value)
            return Date(text) if _DATE.fullmatch(text) else text
        case int() if not fits(value, 64) and len(str(value)) > _MOST_DIGITS:
            raise EvaluationError("JsonReaderException", "The JSON has too large a number.")
        case float() if not math.isfinite(value):
            raise UnsupportedValueError(f"{value} in JSON")
        case dict() | list() if levels == 0:
            raise EvaluationError("JsonReaderException", f"The JSON is deeper than {_DEEPEST}.")
        case dict():
            return {_read(name, 0): _read(one, levels - 1) for name, one in value.items()}
        case list():
            return [_read(one, levels - 1) for one in value]
    return value


def written(value: Any) -> str:  # noqa: ANN401 - of JSON
    """Return the JSON that Newtonsoft.Json writes for a value, in one line.

    Raises:
        EvaluationError: it has a text like a date, or a number with a point or an exponent.

    """
    match value:
        case dict():
            members = (f"{written(str(name))}:{written(one)}" for name, one in value.items())
            return f"{{{','.join(members)}}}"
        case list():
            return f"[{','.join(map(written, value))}]"
        case str() | float():
            text = _LONE_SURROGATE.sub("\ufffd", render(value))
            return json.dumps(text, ensure_ascii=False).translate(_ESCAPED)
    return json.dumps(value)


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
            raise UnsupportedValueError("The text of a number with a point or an exponent")
        case Date():
            raise UnsupportedValueError("A text in JSON that looks like a date")
        case str() | int():
            return str(value)
    raise UnsupportedValueError("The name of a .NET type as text")


def unbox(boxed: type, *, nullable: bool = False) -> Callable[[object], object]:
    """Return the conversion from `object` to a type, by the class of its values in an `object`."""

    def cast(value: object) -> object:
        if value is None:
            if nullable:
                return None
            raise EvaluationError("NullReferenceException", f"null is no {boxed.__name__}.")
        if type(value) is not boxed:
            raise EvaluationError("InvalidCastException", f"The value is no {boxed.__name__}.")
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
    return render(value.json)


def token_integer(bits: int) -> Callable[[JToken | None], int]:
    """Return the conversion of a token to an integer of *bits*, as Newtonsoft's cast does."""
    target = f"Int{bits}"

    def convert(value: JToken | None) -> int:
        if value is None:
            raise EvaluationError("ArgumentNullException", "Value cannot be null.")
        match value.json:
            case str() if not isinstance(value.json, Date):
                return integer(value.json, bits)
            case int() | float():
                number = round(value.json)
                if not fits(number, bits):
                    raise EvaluationError("OverflowException", f"{number} is no {target}.")
                return number
        raise EvaluationError("ArgumentException", f"Can not convert it to {target}.")

    return convert
