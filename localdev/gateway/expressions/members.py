"""Symbol tables of all types: the lookup of members by name."""

from __future__ import annotations

from localdev.gateway.expressions import context_members, json_members, text_members
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    BOOL,
    BYTES,
    COMPARISON,
    FORMATTING,
    INT,
    JOBJECT,
    JWT,
    LONG,
    OBJECT,
    STRING,
    STRINGS,
    Type,
)
from localdev.gateway.expressions.values import render

NAMED_TYPES: dict[str, Type] = {
    type_.name: type_ for type_ in (BOOL, INT, LONG, STRING, JOBJECT, JWT)
}
"""Types that an expression can name: in a cast or a declaration."""
CONSTANTS: dict[str, tuple[Type, str]] = {
    "Newtonsoft.Json.Formatting.None": (FORMATTING, "None"),
    "StringComparison.Ordinal": (COMPARISON, "Ordinal"),
    "StringComparison.OrdinalIgnoreCase": (COMPARISON, "OrdinalIgnoreCase"),
}
STATIC_METHODS: dict[str, Methods] = {
    **text_members.STATIC_METHODS,
    **json_members.STATIC_METHODS,
}
CONSTRUCTORS = json_members.CONSTRUCTORS
METHODS: dict[Type, Methods] = {
    **{type_: {"ToString": Method((), STRING, render)} for type_ in (INT, LONG, OBJECT)},
    STRING: text_members.STRING_METHODS,
    STRINGS: text_members.ARRAY_METHODS,
    JOBJECT: json_members.OBJECT_METHODS,
    **context_members.METHODS,
}
PROPERTIES: dict[Type, Properties] = {
    STRING: text_members.STRING_PROPERTIES,
    STRINGS: {"Length": Property(INT, len)},
    BYTES: {"Length": Property(INT, len)},
    **context_members.PROPERTIES,
}
INDEXES: dict[Type, Method] = {
    STRINGS: text_members.ARRAY_INDEX,
    **json_members.INDEXES,
    **context_members.INDEXES,
}
