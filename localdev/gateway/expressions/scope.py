"""Scopes of local variables, and typed closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localdev.gateway.expressions.types import Type

type Frame = list[Any]
"""One evaluation: the context first, then the local variables in their places."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled expression: its static type and its closure."""

    type: Type
    run: Callable[[Frame], Any]


@dataclass(slots=True)
class Local:
    """A local variable."""

    type: Type
    place: int
    assigned: bool
    """Whether it certainly has a value."""


@dataclass(slots=True)
class Scope:
    """Symbol table of the local variables in a block, with those of the blocks around it."""

    around: Scope | None = None
    locals: dict[str, Local] = field(default_factory=dict)
    within: set[str] = field(default_factory=set)
    """The names of variables in scopes within this one."""
    places: list[int] = field(default_factory=lambda: [1])
    """How many places a frame needs so far; shared by all scopes of an expression."""

    def inner(self) -> Scope:
        """Return the scope of a block."""
        return Scope(self, dict(self.locals), places=self.places)

    def has(self, name: str) -> bool:
        """Return whether a name is taken here, in a block around or within: C# has no shadowing."""
        return name == "context" or name in self.locals or name in self.within

    def declare(self, name: str, type_: Type) -> Local:
        """Declare a variable, without a value so far."""
        local = self.locals[name] = Local(type_, self.places[0], assigned=False)
        self.places[0] += 1
        around = self.around
        while around is not None:
            around.within.add(name)
            around = around.around
        return local

    def assigned(self) -> set[str]:
        """Return the names of the variables that are definitely assigned."""
        return {name for name, local in self.locals.items() if local.assigned}

    def restore(self, assigned: set[str]) -> None:
        """Set the variables that are definitely assigned to *assigned*."""
        for name, local in self.locals.items():
            local.assigned = name in assigned
