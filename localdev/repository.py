"""Paths: the root of the repository, and Azurite as `make setup` installs it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
AZURITE = ROOT / "node_modules" / ".bin" / "azurite"
"""The version of Azurite in package-lock.json."""
