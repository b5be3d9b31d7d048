"""Fixtures of several integration tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.stand_ins import Tools


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Return command line tools that answer nothing."""
    return Tools(tmp_path)
