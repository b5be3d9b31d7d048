"""C# types and the conversions between them.

Source: the C# language specification, chapters on types and conversions; Newtonsoft.Json's
conversion operators of `JToken`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from localdev.gateway.expressions import numbers, values


@dataclass(frozen=True, slots=True)
class Type:
    """A type; values of it are Python values as `values` describes."""

    name: str
    of: Type | None = None
    """The type of its elements."""
    nullable: bool = True

    def __str__(self) -> str:
        if self.of is None:
            return self.name
        return f"{self.of}[]" if self.name == "array" else f"{self.name}<{self.of}>"


OBJECT, STRING, NULL = Type("object"), Type("string"), Type("null")
BOOL, INT, LONG, DOUBLE, CHAR, GUID, BYTE = (
    Type(name, nullable=False) for name in ("bool", "int", "long", "double", "char", "Guid", "byte")
)
COMPARISON = Type("StringComparison", nullable=False)
FORMATTING = Type("Newtonsoft.Json.Formatting", nullable=False)
JTOKEN, JOBJECT, JARRAY, JPROPERTY = (
    Type(name) for name in ("JToken", "JObject", "JArray", "JProperty")
)

type Converter = Callable[[Any], Any]

# From least to most: each converts to those after it.
NUMBERS = (CHAR, INT, LONG, DOUBLE)
_DEFAULTS = {BOOL: False, INT: 0, LONG: 0, DOUBLE: 0.0, CHAR: "\0", GUID: UUID(int=0)}
_TO_TOKEN = (STRING, BOOL, INT, LONG, DOUBLE)
_TOKENS = (JOBJECT, JARRAY)


def array(of: Type) -> Type:
    """Return the type of arrays of *of*."""
    return Type("array", of)


def sequence(of: Type) -> Type:
    """Return `IEnumerable` of *of*."""
    return Type("IEnumerable", of)


def same(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return *value*: what a conversion does that changes nothing."""
    return value


def implicit(source: Type, target: Type) -> Converter | None:  # noqa: PLR0911 - one per rule
    """Return what converts without a cast, or None."""
    if source == target:
        return same
    if source is NULL:
        return same if target.nullable else None
    if target == OBJECT:
        return values.box(source.name)
    if source in NUMBERS and target in NUMBERS:
        if NUMBERS.index(source) > NUMBERS.index(target):
            return None
        if source is CHAR:
            return (lambda value: float(ord(value))) if target is DOUBLE else ord
        return float if target is DOUBLE else same
    if target == JTOKEN:
        return values.token if source in _TO_TOKEN else same if source in _TOKENS else None
    if target.name == "IEnumerable" and source.name == "array" and source.of == target.of:
        return same
    return None


def explicit(source: Type, target: Type) -> Converter | None:
    """Return what a cast does, or None if C# refuses it."""
    found = implicit(source, target)
    if found is not None:
        return found
    if source == OBJECT:
        return values.unbox(target.name, nullable=target.nullable)
    if source == JTOKEN:
        return values.from_token(target.name)
    if source in NUMBERS and target in NUMBERS:
        return numbers.narrow(target.name)
    return None


def test(source: Type, target: Type) -> Callable[[Any], bool] | None:
    """Return what `is` asks of a value, or None if the answer does not depend on the value."""
    if source == OBJECT or (source == JTOKEN and target in _TOKENS):
        return values.boxed(target.name)
    return None


def default(type_: Type) -> object:
    """Return what C# takes for a value of a type if there is none."""
    return _DEFAULTS.get(type_)
