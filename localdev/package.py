"""The deployment package: what `.funcignore` lets through."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

BUNDLE = (
    "function_app.py",
    "host.json",
    "requirements.txt",
    "functions",
    "qjobs",
    "algorithms",
    "apim",
)
"""What is deployed, and nothing else."""


def bundled_files(root: Path) -> Iterator[Path]:
    """Return the files of the package, relative to *root*."""
    ignored = GitIgnoreSpec.from_lines(
        (root / ".funcignore").read_text(encoding="utf-8").splitlines()
    )
    for top in sorted(root.iterdir()):
        # A folder that is left out as a whole may be large.
        if ignored.match_file(f"{top.name}/" if top.is_dir() else top.name):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            relative = path.relative_to(root)
            if path.is_file() and not ignored.match_file(str(relative)):
                yield relative


def write_package(root: Path, folder: Path) -> None:
    """Copy the files of the package to *folder*."""
    for relative in bundled_files(root):
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / relative, target)
