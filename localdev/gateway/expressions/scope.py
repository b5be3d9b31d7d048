"""Scopes of local variables, and typed closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localdev.gateway.expressions.types import Type

type Frame = dict[str, Any]
"""One evaluation: the values of `context` and of the local variables, by their names."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled expression: its static type and its closure."""

    type: Type
    run: Callable[[Frame], Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Symbol table of the local variables in a block, with those of the blocks around it."""

    types: dict[str, Type] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=lambda: {"context"})
    """The names that certainly have a value."""
    taken: set[str] = field(default_factory=lambda: {"context"})
    """Every name in the expression, whose scopes share it: each is declared once."""

    def inner(self) -> Scope:
        """Return the scope of what may not run: what it assigns is not certain afterwards."""
        return Scope(dict(self.types), set(self.assigned), self.taken)

    def declare(self, name: str, type_: Type) -> None:
        """Declare a variable, without a value so far."""
        self.types[name] = type_
        self.taken.add(name)
