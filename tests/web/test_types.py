"""The types of the page."""

from __future__ import annotations

import subprocess

from tests.web.bundles import ROOT, needs_node


@needs_node
def test_the_code_fits_the_contract() -> None:
    """The strict compiler finds nothing, with the types of the contract as it is."""
    done = subprocess.run(
        ["npm", "run", "check"], cwd=ROOT / "web", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
