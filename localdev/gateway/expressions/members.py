"""Finds members by name in the tables of all types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from localdev.gateway.expressions import (
    context_members,
    json_members,
    number_members,
    text_members,
)
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    BOOL,
    BYTE,
    CHAR,
    COMPARISON,
    DOUBLE,
    FORMATTING,
    GUID,
    INT,
    JARRAY,
    JOBJECT,
    JPROPERTY,
    JTOKEN,
    LONG,
    OBJECT,
    STRING,
    Type,
)
from localdev.gateway.expressions.values import render

NAMED_TYPES: Mapping[str, Type] = {
    type_.name: type_
    for type_ in (
        *(BOOL, BYTE, CHAR, DOUBLE, GUID, INT, LONG, OBJECT, STRING),
        *(JARRAY, JOBJECT, JPROPERTY, JTOKEN, context_members.JWT),
    )
}
"""Types that an expression can name, in a cast or a declaration."""


def _always(value: str) -> Callable[[object], str]:
    return lambda _: value


CONSTANTS: Mapping[str, Property] = {
    "string.Empty": Property(STRING, _always("")),
    **{
        f"StringComparison.{name}": Property(COMPARISON, _always(name))
        for name in ("Ordinal", "OrdinalIgnoreCase")
    },
    **{
        f"Newtonsoft.Json.Formatting.{name}": Property(FORMATTING, _always(name))
        for name in ("None", "Indented")
    },
}
STATIC_METHODS: Mapping[str, Methods] = {
    **text_members.STATIC_METHODS,
    **number_members.STATIC_METHODS,
    **json_members.STATIC_METHODS,
}
CONSTRUCTORS = json_members.CONSTRUCTORS

_TEXT: Methods = {"ToString": [Method((), STRING, render)]}
_METHODS: Mapping[Type, Methods] = {
    **dict.fromkeys((INT, LONG, DOUBLE, BOOL, CHAR, GUID, OBJECT), _TEXT),
    STRING: text_members.STRING_METHODS,
    JTOKEN: json_members.TOKEN_METHODS,
    JARRAY: json_members.TOKEN_METHODS,
    JOBJECT: json_members.OBJECT_METHODS,
    **context_members.METHODS,
}
_PROPERTIES: Mapping[Type, Properties] = {
    STRING: text_members.STRING_PROPERTIES,
    JARRAY: json_members.ARRAY_PROPERTIES,
    JPROPERTY: json_members.PROPERTY_PROPERTIES,
    **context_members.PROPERTIES,
}
_INDEXES: Mapping[Type, Sequence[Method]] = {
    STRING: [text_members.STRING_INDEX],
    **json_members.INDEXES,
    **context_members.INDEXES,
}
_LENGTH = Property(INT, len)


def property_of(type_: Type, name: str) -> Property | None:
    """Return a property of a type, or None if there is none of that name."""
    if type_.name == "array":
        return _LENGTH if name == "Length" else None
    return _PROPERTIES.get(type_, {}).get(name)


def methods_of(type_: Type, name: str) -> Sequence[Method]:
    """Return the overloads of a method of a type, none if there is no such method."""
    return _METHODS.get(type_, {}).get(name, ())


def indexes_of(type_: Type) -> Sequence[Method]:
    """Return what may stand in brackets behind a value of a type."""
    if type_.name == "array" and type_.of is not None:
        return [Method((INT,), type_.of, _element)]
    return _INDEXES.get(type_, ())


def _element(items: list[object], index: int) -> object:
    if not 0 <= index < len(items):
        raise text_members.out_of_range()
    return items[index]
