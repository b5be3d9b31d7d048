"""The shape of JSON answers: which keys are where, and what kind of value each has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OPAQUE = frozenset({"inputParams", "metadata"})
"""Members whose content is the client's own."""

ENUMERATED = frozenset(
    {
        "status",
        "itemType",
        "jobType",
        "jobPriority",
        "jobFailurePolicy",
        "currentAvailability",
        "currencyCode",
        "dimensionId",
        "dimensionName",
        "measureUnit",
        "code",
    }
)
"""Members that have one of a few values."""

type Kind = str | tuple[str, ...]
"""The name of a JSON type, or the sorted keys of an object."""


def shape(value: Any, path: str = "") -> Iterator[tuple[str, Kind]]:  # noqa: ANN401 - any JSON
    """Yield each path in *value* with the kind of what is there.

    Items of a list share a path, except that jobs and sessions of different statuses do not: the
    service fills in different fields.
    """
    if isinstance(value, dict):
        if "itemType" in value:
            path += f"<{value['itemType']} {value['status']}>"
        yield path, tuple(sorted(value))
        for key, member in value.items():
            if key in OPAQUE:
                yield f"{path}.{key}", "null" if member is None else "opaque"
            else:
                yield from shape(member, f"{path}.{key}")
    elif isinstance(value, list):
        yield path, "array"
        for item in value:
            yield from shape(item, f"{path}[]")
    else:
        yield path, "null" if value is None else type(value).__name__


def enumerated(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Yield each enumerated member in *value* with its value."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ENUMERATED and isinstance(member, str):
                yield key, member
            elif key not in OPAQUE:
                yield from enumerated(member)
    elif isinstance(value, list):
        for item in value:
            yield from enumerated(item)
