"""Converts Python values to literal expressions."""

from __future__ import annotations

from tools.bicep.expressions import (
    Array,
    Call,
    Expression,
    Interpolated,
    Literal,
    Object,
    Property,
)
from tools.bicep.finding import Place

type Plain = str | int | float | bool | list[Plain] | dict[str, Plain] | None


def constant(value: object, place: Place, hole: str | None = None) -> Expression:
    """Return a value as an expression; texts with *hole* in them are not known yet."""
    match value:
        case dict():
            members = (
                Property(str(key), constant(item, place, hole), place=place)
                for key, item in value.items()
            )
            return Object(tuple(members), place=place)
        case list():
            return Array(tuple(constant(item, place, hole) for item in value), place=place)
        case str() if hole is not None and hole in value:
            return Interpolated((Literal(value, place=place), _unknown(place)), place=place)
        case None | bool() | int() | str():
            return Literal(value, place=place)
        case _:
            # Bicep has no other numbers; this is how a template writes one.
            return Call(None, "json", (Literal(str(value), place=place),), place=place)


def _unknown(place: Place) -> Expression:
    return Call(None, "readEnvironmentVariable", (), place=place)
