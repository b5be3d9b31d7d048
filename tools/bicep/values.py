"""Abstract values: the possible results of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.bicep.finding import Place
from tools.bicep.frames import Bound

MOST = 64
"""Combinations of possible values that are looked at; more differ in nothing new."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean or null."""

    value: str | int | bool | None
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """An object."""

    members: Mapping[str, Bound]
    others: bool
    """Whether it can have members besides, such as those with computed names."""
    place: Place


@dataclass(frozen=True, slots=True)
class Sequential:
    """An array."""

    items: Sequence[Bound]
    others: bool
    """Whether the items are only examples of what it can have."""
    place: Place


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value known only at deployment: a parameter, a property of a resource, a computed text."""

    bound: Bound

    @property
    def place(self) -> Place:
        """The place of its expression."""
        return self.bound.place


type Value = Scalar | Record | Sequential | Unknown
