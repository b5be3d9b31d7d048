"""Signatures of members: properties and methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localdev.gateway.expressions.types import Type


@dataclass(frozen=True, slots=True)
class Property:
    """A property or field; `read` returns it, given the object."""

    type: Type
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method, in the one overload that is understood here.

    The first argument of `call` is the object, unless the method is static.
    """

    parameters: tuple[Type, ...]
    returns: Type
    call: Callable[..., Any]
    rest: Type | None = None
    """The type of any number of further arguments (`params` in C#)."""
    out: Type | None = None
    """The type of a last argument that is assigned (`out`): `call` returns the result and it."""


type Methods = dict[str, Method]
type Properties = dict[str, Property]
