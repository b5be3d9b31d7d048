"""The table of facts of targets: one file per provider in `targets/`, with sources and dates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.target_facts import Kind, TargetFacts, stored_facts

FILES = Path(__file__).with_name("targets")
_NOISY = {Kind.NOISY_SIMULATOR, Kind.HARDWARE}


@cache
def target_facts() -> Mapping[str, TargetFacts]:
    """Return the facts of every target in the table, by its id.

    Raises:
        ValueError: a file is not what it should be; the message names it.

    """
    table: dict[str, TargetFacts] = {}
    for path in sorted(FILES.glob("*.json")):
        try:
            table |= _read(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}: {error!r}") from error
    return table


def _read(document: JSONObject) -> dict[str, TargetFacts]:
    """Return the facts in one file; what it says of all its targets is in `defaults`."""
    facts: dict[str, TargetFacts] = {}
    for target in document["targets"]:
        members = _snake_case(document["defaults"] | target)
        if price := members.get("price"):
            members["price"] = document["prices"] | {"items": []} | price
        identifier = members.pop("id")
        members["noisy"] = members["kind"] in _NOISY
        facts[identifier] = stored_facts(
            {"source": document["source"], "date": document["date"]} | members
        )
    return facts


def _snake_case(document: JSONObject) -> JSONObject:
    """Return an object with its names as Python writes them; a provider's options stay as is."""
    return {
        re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name): (
            value if name == "options" else _value(value)
        )
        for name, value in document.items()
    }


def _value(value: object) -> object:
    if isinstance(value, dict):
        return _snake_case(value)
    return [_value(item) for item in value] if isinstance(value, list) else value
