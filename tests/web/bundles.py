"""TypeScript of the page, bundled for Node.js."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "web" / "node_modules" / ".bin" / "esbuild"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not ESBUILD.exists(),
    reason="needs Node.js and web/node_modules: npm ci --ignore-scripts in web/",
)


def bundled(files: Sequence[Path], folder: Path) -> list[Path]:
    """Bundle files, each with what it imports, into modules in a folder."""
    options = ["--bundle", "--platform=node", "--format=esm", "--out-extension:.js=.mjs"]
    command: list[str | Path] = [
        ESBUILD,
        *files,
        *options,
        f"--outdir={folder}",
        "--log-level=warning",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [folder / file.with_suffix(".mjs").name for file in files]
