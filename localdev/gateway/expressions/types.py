"""C# types, and the conversions between them.

Source: the C# language specification, chapters on types and conversions; Newtonsoft.Json's
conversion operators of `JToken`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localdev.gateway.context import Token
from localdev.gateway.expressions import values


@dataclass(frozen=True, slots=True)
class Type:
    """A static type; `values` describes the Python values of each."""

    name: str
    nullable: bool = True

    def __str__(self) -> str:
        return self.name


OBJECT, STRING, STRINGS, BYTES, NULL = (
    Type(name) for name in ("object", "string", "string[]", "byte[]", "null")
)
BOOL, INT, LONG, CHAR = (Type(name, nullable=False) for name in ("bool", "int", "long", "char"))
COMPARISON = Type("StringComparison", nullable=False)
FORMATTING = Type("Newtonsoft.Json.Formatting", nullable=False)
JTOKEN, JOBJECT, JPROPERTY, JWT = (Type(name) for name in ("JToken", "JObject", "JProperty", "Jwt"))

type Converter = Callable[[Any], Any]


def same(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return *value*: what a conversion does that changes nothing."""
    return value


IMPLICIT: dict[tuple[Type, Type], Converter] = {
    (INT, LONG): same,
    (STRING, OBJECT): same,
    (BOOL, OBJECT): same,
    (INT, OBJECT): same,
    (LONG, OBJECT): values.Long,
    (STRING, JTOKEN): values.JToken,
    (BOOL, JTOKEN): values.JToken,
    (INT, JTOKEN): values.JToken,
    (LONG, JTOKEN): values.JToken,
    (JOBJECT, JTOKEN): same,
}
"""What C# converts without a cast."""
EXPLICIT: dict[tuple[Type, Type], Converter] = {
    (OBJECT, STRING): values.unbox(str, nullable=True),
    (OBJECT, BOOL): values.unbox(bool),
    (OBJECT, INT): values.unbox(int),
    (OBJECT, LONG): values.unbox(values.Long),
    (OBJECT, JWT): values.unbox(Token, nullable=True),
    (JTOKEN, STRING): values.token_text,
    (JTOKEN, INT): values.token_integer(32),
    (JTOKEN, LONG): values.token_integer(64),
}
"""What a cast converts besides."""


def implicit(source: Type, target: Type) -> Converter | None:
    """Return the implicit conversion between two types, or None."""
    if source == target or (source is NULL and target.nullable):
        return same
    return IMPLICIT.get((source, target))


def explicit(source: Type, target: Type) -> Converter | None:
    """Return the conversion of a cast, or None."""
    return implicit(source, target) or EXPLICIT.get((source, target))
