"""The worker library's side of the host."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from localdev.host.worker import Function, IndexingError, index


async def test_a_folder_without_an_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without function_app.py is no app, rather than one without functions."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    with pytest.raises(IndexingError, match=r"function_app\.py is missing"):
        await index(tmp_path)


def test_the_trigger_of_a_function() -> None:
    """A function has one trigger among its bindings."""
    trigger = {"direction": "IN", "type": "httpTrigger", "name": "req"}
    output = {"direction": "OUT", "type": "queue", "name": "out"}
    answer = {"direction": "OUT", "type": "http", "name": "$return"}

    function = Function("id", "made", (output, trigger, answer))

    assert function.trigger == trigger
