"""Types of Azure's resources, from the data that the Bicep compiler uses.

The file has, of Azure/bicep-types-az (MIT), the types that this project uses and those that it may.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "bicep-types.json"

_REQUIRED, _READ_ONLY = 1, 2

ENVELOPE = frozenset({"scope", "parent", "dependsOn", "asserts"})
"""Members of every resource in Bicep that are not the resource's own."""


@dataclass(frozen=True, slots=True)
class Type:
    """One type: a node of the file with the nodes that it refers to."""

    node: Mapping[str, Any]
    pool: Sequence[Mapping[str, Any]]

    @property
    def kind(self) -> str:
        """Its `$type`, such as ObjectType."""
        return str(self.node["$type"])

    def _at(self, reference: Mapping[str, str]) -> Type:
        return Type(self.pool[int(reference["$ref"].removeprefix("#/"))], self.pool)

    @property
    def members(self) -> Mapping[str, MemberType]:
        """The named properties of an object."""
        found = self.node.get("properties", {}) | self.node.get("baseProperties", {})
        return {
            name: MemberType(self._at(about["type"]), about["flags"])
            for name, about in found.items()
        }

    @property
    def others(self) -> Type | None:
        """The type of properties that are not named, where they are allowed."""
        reference = self.node.get("additionalProperties")
        return self._at(reference) if reference else None

    @property
    def item(self) -> Type:
        """The type of an array's items."""
        return self._at(self.node["itemType"])

    @property
    def elements(self) -> Iterator[Type]:
        """The alternatives of a union, without unions in them."""
        if self.kind != "UnionType":
            yield self
            return
        for reference in self.node["elements"]:
            yield from self._at(reference).elements

    @property
    def discriminator(self) -> str:
        """The property of a discriminated object that decides which it is."""
        return str(self.node["discriminator"])

    @property
    def variants(self) -> Mapping[str, Type]:
        """The objects that a discriminated object can be."""
        return {value: self._at(at) for value, at in self.node["elements"].items()}


@dataclass(frozen=True, slots=True)
class MemberType:
    """A property of an object."""

    type: Type
    _flags: int

    @property
    def required(self) -> bool:
        """Whether it must be set."""
        return bool(self._flags & _REQUIRED)

    @property
    def read_only(self) -> bool:
        """Whether only the service sets it."""
        return bool(self._flags & _READ_ONLY)


@cache
def _file() -> Mapping[str, Any]:
    if not FILE.is_file():
        return {}
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def _names() -> Mapping[str, str]:
    """Return the names of types by their lower case: names of types have no case."""
    return {name.lower(): name for name in _file()}


def versions(kind: str) -> list[str]:
    """Return the versions of a type that the file has."""
    return [name for name in _file() if name.partition("@")[0].lower() == kind.lower()]


def body(resource_type: str) -> Type | None:
    """Return the type of a resource's body; None if the file does not have it."""
    name = _names().get(resource_type.lower())
    if name is None:
        return None
    about = _file()[name]
    return Type(about["types"][about["root"]], about["types"])
