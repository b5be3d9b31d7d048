"""Tell which settings of a deployment have a value that a template will not take.

Azure would say so as well, but after the layers before have been made. What is right is read from
the templates: `@allowed`, `@minValue`, `@maxValue`, `@minLength`, `@maxLength` and the type of each
parameter. Only the standard library: it runs on whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_PARAMETER = re.compile(r"((?:^@.*\n)*)^param (\w+) (\w+)", re.MULTILINE)
_LAYER = re.compile(r"^ *path: (infra/\w+)", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(\w+)(?:=[^}]*)?\}")
_NUMBER = re.compile(r"-?\d+")
_ENDS = ("min", "max")


def faults(settings: Mapping[str, str], root: Path) -> Iterator[str]:
    """Yield which *settings* of the project at *root* have a wrong value, and what is right.

    An empty value is the default.
    """
    told = set()
    for layer in _LAYER.findall((root / "azure.yaml").read_text("utf-8")):
        template = (root / layer / "main.bicep").read_text("utf-8")
        known = {name: (about, kind) for about, name, kind in _PARAMETER.findall(template)}
        document = json.loads((root / layer / "main.parameters.json").read_text("utf-8"))
        for parameter, given in document["parameters"].items():
            for variable, about, kind in _wanted(given["value"], *known[parameter], root):
                value = settings.get(variable, "")
                right = _right(value, about, kind) if value else ""
                if right and variable not in told:
                    told.add(variable)
                    yield f"{variable} is {value}, but takes {right}: azd env set {variable} ..."
    email = settings.get("QJOBS_CONTACT_EMAIL")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        yield f"QJOBS_CONTACT_EMAIL is {email}, but takes a mail address."


def _wanted(value: object, about: str, kind: str, root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the variables of a parameter, each with its decorators and its type."""
    if isinstance(value, str):
        whole = _VARIABLE.fullmatch(value)
        if whole:
            yield whole[1], about, kind
        return
    # Values of the gateway: numbers are those whose default is one.
    named = json.loads((root / "apim" / "named-values.json").read_text("utf-8"))
    for name, text in value.items() if isinstance(value, dict) else ():
        match = _VARIABLE.fullmatch(text)
        if match and _NUMBER.fullmatch(named.get(name, {}).get("default", "")):
            yield match[1], "@minValue(1)", "int"


def _right(value: str, about: str, kind: str) -> str:
    """Return what is right, or nothing if the value is."""
    allowed = re.findall(r"'([^']*)'", _argument(about, "allowed"))
    if allowed:
        return "" if value in allowed else f"one of {', '.join(allowed)}"
    if kind == "bool":
        return "" if value in {"true", "false"} else "true or false"
    low, high = (_bound(about, f"{end}{'Value' if kind == 'int' else 'Length'}") for end in _ENDS)
    if kind == "int":
        inside = _NUMBER.fullmatch(value) and _within(int(value), low, high)
        return "" if inside else f"a whole number{_range(low, high)}"
    return "" if _within(len(value), low, high) else f"a text of{_range(low, high)} characters"


def _argument(about: str, decorator: str) -> str:
    found = re.search(rf"^@{decorator}\((.*)\)$", about, re.MULTILINE)
    return found[1] if found else ""


def _bound(about: str, decorator: str) -> int | None:
    text = _argument(about, decorator)
    return int(text) if text else None


def _within(number: int, low: int | None, high: int | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)


def _range(low: int | None, high: int | None) -> str:
    return (f" from {low}" if low is not None else "") + (f" to {high}" if high is not None else "")


def main() -> int:
    """Check what azd gives to hooks; return the exit code."""
    found = list(faults(os.environ, Path.cwd()))
    for fault in found:
        print(f"check-settings: {fault}", file=sys.stderr)  # noqa: T201 - its output
    return 1 if found else 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
