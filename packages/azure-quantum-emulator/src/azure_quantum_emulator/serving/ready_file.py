"""Ready files: JSON that a process writes when it is ready, with its address."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_ready_file(path: Path, facts: Mapping[str, Any]) -> None:
    """Write *facts* as JSON, atomically, readable by the owner only.

    Raises:
        OSError: it cannot be written.

    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)  # there are keys in it
    draft.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def announce(path: Path | None, facts: Mapping[str, Any], text: str) -> None:
    """Say that something is ready: print *text*, if there is any, and write its ready file.

    Raises:
        OSError: the file cannot be written.

    """
    if text:
        print(text, flush=True)  # noqa: T201 - for the person who started it, or its log
    if path is not None:
        write_ready_file(path, facts)


def read_ready_file(path: Path) -> dict[str, Any] | None:
    """Return the content of a ready file, or None while there is no such file."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return facts
