"""Recordings of real .NET: policy expressions with what it made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parents[3].parent / "shared/data/policy-expressions"


def recorded(name: str) -> dict[str, Any]:
    """Return the recordings of a file."""
    document: dict[str, Any] = json.loads((RECORDINGS / name).read_text("utf-8"))
    return document


def inputs() -> tuple[set[str], dict[str, dict[str, Any]]]:
    """Return contexts, plain and hostile, by their names, and those where versions differ."""
    document = recorded("ours.json")
    varies = {name for case in document["expressions"] for name in case.get("varies", [])}
    changes = {"base": {}, **document["inputs"]}
    return varies, {name: _context(document["base"], one) for name, one in changes.items()}


def _context(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base with values in their places, such as request/method, and without others."""
    context = deepcopy(dict(base))
    for path, value in changes.get("set", {}).items():
        owner, name = _place(context, path)
        owner[name] = value
    for path in changes.get("drop", []):
        owner, name = _place(context, path)
        owner.pop(name, None)
    return context


def _place(context: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *parents, name = path.split("/")
    for parent in parents:
        context = context[parent]
    return context, name
