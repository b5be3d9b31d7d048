"""The order in which the workers of `make test` take the files."""

from __future__ import annotations

import pytest

from tests.markdown import ROOT
from tests.scheduling import (
    BROWSER,
    LONG,
    PROFILES,
    SHARING_A_STACK,
    STARTING_PROCESSES,
    WITHOUT_A_BROWSER,
)

TOGETHER = [BROWSER, *(f"{profile} stack" for profile in PROFILES)]


@pytest.mark.parametrize("name", [*LONG, *SHARING_A_STACK, *STARTING_PROCESSES, *WITHOUT_A_BROWSER])
def test_what_is_named_is_there(name: str) -> None:
    """A file that is renamed would begin last, or start a stack of its own."""
    assert name in TOGETHER or (ROOT / name).exists()
