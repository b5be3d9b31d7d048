"""The functions of the page that need no browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.web.bundles import ROOT, bundled, needs_node

TESTS = sorted(Path(__file__).parent.glob("*.test.ts"))


@needs_node
@pytest.mark.parametrize("file", TESTS, ids=[file.name for file in TESTS])
def test_functions_of_the_page(file: Path, tmp_path: Path) -> None:
    """Node's own runner passes the file: form, places of errors, links, prices, descriptions."""
    command: list[str | Path] = ["node", "--test", *bundled([file], tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 0" not in ran.stdout
