"""Where this repository and what `make setup` installed into it are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
AZURITE = ROOT / "node_modules" / ".bin" / "azurite"
"""The version of Azurite in package-lock.json."""
