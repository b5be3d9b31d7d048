"""What a member of a type is to the compiler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from localdev.gateway.expressions.types import Type


@dataclass(frozen=True, slots=True)
class Property:
    """A property or field; `read` takes the value that it is a member of."""

    type: Type
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One overload of a method; `call` takes the value that it is a member of, if any, first."""

    parameters: tuple[Type, ...]
    returns: Type
    call: Callable[..., Any]
    rest: Type | None = None
    """The type of any number of further arguments (`params` in C#)."""
    out: Type | None = None
    """The type of a last argument that is assigned (`out`): `call` returns the result and it."""


type Methods = dict[str, Sequence[Method]]
type Properties = dict[str, Property]
