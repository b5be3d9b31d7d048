"""Tell which settings of a deployment have a name that nothing reads, or a text of the wrong form.

azd takes any name, and a template any text: a misspelt setting would be one that has no effect, and
a wrong text fails when the resource is made, or later. What is read is found in the files that read
it. Only the standard library: it runs on whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = ("azure.yaml", "infra", ".github", "docs", "examples", "local.settings.json.example")
"""Files and folders that read settings, or tell people to set one in their shell."""
FORMS = {
    "QJOBS_WEB_ORIGIN": (
        r"https?://[a-z0-9.-]+(:\d{1,5})?",
        "an origin, such as https://a.example",
    ),
    "QJOBS_PUBLIC_HOST": (r"[A-Za-z0-9.-]+(:\d{1,5})?", "a host, such as api.example.com"),
    "QJOBS_HARDWARE_SCOPE": (r"[A-Za-z0-9._-]+", "a scope, such as jobs.hardware"),
    "QJOBS_PYTHON_VERSION": (r"3\.(1[3-9]|[2-9]\d)", "a version of Python from 3.13"),
}
_NAME = re.compile(r"QJOBS_[A-Z0-9_]+")


def known_names(root: Path = ROOT) -> frozenset[str]:
    """Return every name of a setting that a file of the project has."""
    found: set[str] = set()
    for reader in READERS:
        path = root / reader
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "node_modules" not in file.parts:
                found.update(_NAME.findall(file.read_text("utf-8", errors="replace")))
    return frozenset(found)


def faults(settings: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with names and texts of *settings*, and what would be right."""
    for name in sorted(settings):
        if name.startswith("QJOBS_") and settings[name] and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            yield f'nothing reads {name}: {meant}Unset it: azd env set {name} "".'
    for name, (form, right) in FORMS.items():
        value = settings.get(name, "")
        if value and not re.fullmatch(form, value):
            yield f"{name} is {value}, but takes {right}: azd env set {name} ..."


def main() -> int:
    """Check what azd gives to hooks; return the exit code."""
    found = list(faults(os.environ, known_names()))
    for fault in found:
        print(f"check-settings: {fault}", file=sys.stderr)  # noqa: T201 - its output
    return 1 if found else 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
