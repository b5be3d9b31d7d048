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


def read_ready_file(path: Path) -> dict[str, Any] | None:
    """Return the content of a ready file, or None while there is no such file."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return facts
