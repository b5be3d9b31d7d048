"""What names mean at a place in an expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.types import Type

type Frame = list[Any]
"""One evaluation: the context first, then the local variables in their places."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A compiled expression: its type, and what computes it."""

    type: Type
    run: Callable[[Frame], Any]


def present(receiver: Typed) -> Callable[[Frame], object]:
    """Return what computes a value that has to be there to have members."""
    run = receiver.run
    if not receiver.type.nullable:
        return run

    def checked(frame: Frame) -> object:
        value = run(frame)
        if value is None:
            message = "Object reference not set to an instance of an object."
            raise EvaluationError("NullReferenceException", message)
        return value

    return checked


@dataclass(slots=True)
class Local:
    """A local variable."""

    type: Type
    place: int
    assigned: bool


@dataclass(slots=True)
class Scope:
    """The local variables that can be seen, those of the scopes around included."""

    locals: dict[str, Local] = field(default_factory=dict)
    places: list[int] = field(default_factory=lambda: [1])
    """How many places a frame needs so far; shared by all scopes of an expression."""

    def inner(self) -> Scope:
        """Return the scope of a block or a lambda."""
        return Scope(dict(self.locals), self.places)

    def declare(self, name: str, type_: Type, *, assigned: bool) -> Local:
        """Add a variable."""
        local = Local(type_, self.places[0], assigned)
        self.places[0] += 1
        self.locals[name] = local
        return local

    def assigned(self) -> set[str]:
        """Return the variables that certainly have a value."""
        return {name for name, local in self.locals.items() if local.assigned}

    def restore(self, assigned: set[str]) -> None:
        """Let only these variables have a value."""
        for name, local in self.locals.items():
            local.assigned = name in assigned
