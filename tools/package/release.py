"""Version and time of the repository's state that is packed."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.package.bundle import BUNDLE

_SHAPING = (*BUNDLE, ".funcignore", "pyproject.toml", "tools/package")
"""What the package depends on; other changes do not make it another one."""


@dataclass(frozen=True, slots=True)
class Release:
    """A state of the repository."""

    version: str
    """`0.1.0` at the commit with the tag `v0.1.0`; `0.1.0-g0123456789ab` at another; with
    `-dirty` if files are not as committed; `0.1.0-local` where there is no git."""
    moment: datetime
    """When it was committed, or what SOURCE_DATE_EPOCH says."""


def release(root: Path, environment: Mapping[str, str] = os.environ) -> Release:
    """Return version and time of the repository at *root*."""
    number = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    commit = _git(root, "rev-parse", "--short=12", "HEAD") if (root / ".git").exists() else None
    epoch = environment.get("SOURCE_DATE_EPOCH")
    if commit is None:
        return Release(f"{number}-local", _time(epoch or "0"))
    tagged = f"v{number}" in (_git(root, "tag", "--points-at", "HEAD") or "").splitlines()
    changed = _git(root, "status", "--porcelain", "--", *_SHAPING)
    version = f"{number}{'' if tagged else f'-g{commit}'}{'-dirty' if changed else ''}"
    return Release(version, _time(epoch or _git(root, "log", "-1", "--format=%ct") or "0"))


def _time(epoch: str) -> datetime:
    return datetime.fromtimestamp(int(epoch), UTC)


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - the commands above
            ["git", *arguments],  # noqa: S607 - whichever git there is
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
