"""Files of the package: those of `BUNDLE` that `.funcignore` does not exclude."""

from __future__ import annotations

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
    # What somebody else has put beside them, such as the output of a program, is not deployed.
    for top in sorted(root / name for name in BUNDLE):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            relative = path.relative_to(root)
            if path.is_file() and not ignored.match_file(str(relative)):
                yield relative


def read_bundle(root: Path) -> dict[str, bytes]:
    """Return the content of the package's files by their paths below *root*, with slashes."""
    return {
        path.as_posix(): _with_line_feeds((root / path).read_bytes())
        for path in bundled_files(root)
    }


def _with_line_feeds(content: bytes) -> bytes:
    # Git may check texts out with other line ends; like git, take what has a zero byte as it is.
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")
