"""What the real Functions host did, recorded: cases by file and name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.integration.functions_host.differences import DIFFERENT, REASONS, Kind

FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "functions-host"
MISSING = f"no {FOLDER.name} beside the repository"

type Case = Mapping[str, Any]
type Record = Callable[[str, object], None]


@cache
def content(file: str) -> Mapping[str, Any]:
    """Return a recording as it is; an empty one where it is not at hand."""
    path = FOLDER / file
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {"cases": []}


@cache
def cases(file: str) -> Mapping[str, Case]:
    """Return the cases of a recording by their names."""
    return {_name(case): case for case in content(file)["cases"]}


def judge(file: str, name: str, unlike: object, record_property: Record) -> None:
    """Count a case, and fail unless it is the same or in the list, and not both.

    Args:
        file: the recording
        name: the case
        unlike: what differs; whatever is false if nothing does
        record_property: pytest's, for the figures at the end of a run

    """
    reason = reason_of(file, name)
    for kind in ("same", *Kind):
        verdict = REASONS[reason].kind if reason else "same"
        record_property("figure", (f"Functions host, {file}: {kind}", int(kind == verdict), 1))
    if reason:
        assert unlike, f"the case is the same now: take it from {reason!r}"
    else:
        assert not unlike, unlike


def reason_of(file: str, name: str) -> str | None:
    """Return why a case differs, if the list has it."""
    found = [
        reason
        for reason, patterns in DIFFERENT.get(file, {}).items()
        if any(fits(name, pattern) for pattern in patterns)
    ]
    assert len(found) <= 1, f"{name} is in the list twice: {found}"
    return found[0] if found else None


def fits(name: str, pattern: str) -> bool:
    """Tell whether a pattern of the list stands for a case."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _name(case: Case) -> str:
    group = case.get("group", case.get("section"))
    name = str(case["id"] if "id" in case else case["name"])
    return f"{group}/{name}" if group else name
