"""Type annotations of parameters and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY = "any"
"""The kind of what may be anything."""

KINDS = frozenset({"string", "int", "bool", "object", "array"})


@dataclass(frozen=True, slots=True)
class WrittenType:
    """Such as `string`, `int[]`, `{ name: string? }?` or `'one' | 'other'`."""

    kind: str
    """One of the kinds, or any."""
    nullable: bool = False
    members: Mapping[str, WrittenType] = field(default_factory=dict)
    """Of an object, as far as they are named."""
    item: WrittenType | None = None
    """Of an array whose items are all of one type."""
    items: tuple[WrittenType, ...] | None = None
    """Of an array that has a type for each item."""
    choices: tuple[str | int | bool, ...] = ()
    """The values that it can have, if only these."""
