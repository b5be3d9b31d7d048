from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from rich.console import Console

from localdev.commands.demo_result import overlay, save, show


def reading(text: str, count: int, *, asked: bool = True) -> dict[str, Any]:
    """Return one reading of a thousand."""
    return {"text": text, "count": count, "frequency": count / 1000, "asked": asked}


def document(*readings: dict[str, Any]) -> dict[str, Any]:
    """Return a result document."""
    noise = sum(reading["frequency"] for reading in readings if not reading["asked"])
    return {
        "result": {"readings": list(readings), "noise": noise, "svg": "<svg/>"},
        "provenance": {"target": {"id": "local.sim.aer"}},
    }


def shown(answer: dict[str, Any]) -> str:
    """Return what is printed of *answer*."""
    printed = io.StringIO()
    show(Console(file=printed, width=80), answer)
    return printed.getvalue()


def test_the_answer_is_told_in_words_and_bars() -> None:
    """Each reading has its count, its share and a bar."""
    text = shown(document(reading(":)", 500), reading(";)", 500)))
    assert "Read 1000 times on local.sim.aer" in text
    assert f"  :)     500 times   50.0%  {'█' * 20}\n" in text
    assert "0.0% (the simulator has no noise)" in text


def test_a_noisy_answer_is_told_too() -> None:
    """Readings nobody asked for are shown, as long as there are few; none breaks the output."""
    noise = [reading(f"[{letter}", 1, asked=False) for letter in "abcdefghij"]
    text = shown(document(reading(":)", 990), *noise))
    assert "[a       1 times    0.1%  ▏" in text
    assert "and 3 rarer readings" in text
    assert "1.0% (the noise of the device)" in text


def test_what_both_emoticons_share_is_darkest() -> None:
    """The dots of the semicolon's tail are there half of the time."""
    lines = overlay([reading(":)", 490), reading(";)", 510)])
    assert lines[1] == "    ████      ████"
    assert lines[-1] == "  ▒▒        ████"


def test_the_drawing_is_saved(tmp_path: Path) -> None:
    """The picture is a file, in a directory that need not exist."""
    save(document(reading(":)", 1000)), tmp_path / "new" / "drawing.svg")
    assert (tmp_path / "new" / "drawing.svg").read_text() == "<svg/>"
