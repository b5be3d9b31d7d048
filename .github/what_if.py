"""Prints what `az deployment sub what-if --no-pretty-print` found, as a table for a run's summary.

    python3 .github/what_if.py --unchanged=true FILE...

What Azure reports although nothing changes is left out: properties without effect, and values that
it cannot compute before the deployment. With --unchanged=true, exit code 1 if anything is left.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_EXPRESSION = re.compile(r"\[[A-Za-z]\w*\(.*\]", re.DOTALL)
_CHANGES = {"Create", "Delete", "Modify", "Deploy"}
_UNKNOWN = {"Unsupported"}
"""Azure cannot say; that is shown, and is no change."""


def changes(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return kind, resource and changed properties of each resource that would change."""
    found = []
    for change in document["changes"]:
        kind = change["changeType"]
        properties = list(_properties(change.get("delta") or ()))
        if kind in _CHANGES and (kind != "Modify" or properties):
            found.append((kind, _short(change["resourceId"]), ", ".join(properties)))
    return found


def unknown(document: Mapping[str, Any]) -> list[str]:
    """Return the resources of which Azure could not say what would become of them."""
    return [
        _short(change["resourceId"])
        for change in document["changes"]
        if change["changeType"] in _UNKNOWN
    ]


def _properties(delta: Any, prefix: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    for one in delta:
        path = f"{prefix}{one['path']}"
        if one.get("children"):
            yield from _properties(one["children"], f"{path}.")
        elif one["propertyChangeType"] != "NoEffect" and not _computed(one.get("after")):
            yield path


def _computed(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether a value is an expression that the deployment computes later."""
    return isinstance(value, str) and _EXPRESSION.fullmatch(value) is not None


def _short(identifier: str) -> str:
    return identifier.partition("/resourceGroups/")[2] or identifier


def main(arguments: list[str] | None = None) -> int:
    """Print the tables of all files; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--unchanged", choices=["true", "false"], default="false")
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    documents = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in given.files}
    found = {name: changes(document) for name, document in documents.items()}
    for name, rows in found.items():
        lines = [f"### Layer {name}: {len(rows)} of its resources would change", ""]
        if rows:
            lines += ["| change | resource | properties |", "|---|---|---|"]
            lines += [f"| {kind} | {resource} | {which} |" for kind, resource, which in rows]
        lines += [f"- Azure cannot say: {resource}" for resource in unknown(documents[name])]
        print("\n".join([*lines, ""]))  # noqa: T201 - its output
    return 1 if given.unchanged == "true" and any(found.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
