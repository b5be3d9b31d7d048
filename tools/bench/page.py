"""Speed of the web page at its first load, by Lighthouse: on a slow telephone and network."""

from __future__ import annotations

from pathlib import Path

from localdev.stack.page import PAGE, free_low_port
from localdev.stack.part import BuiltPage
from tools.figures import Figure, Target
from tools.lighthouse import LIGHTHOUSE, find_chromium, lighthouse_scores

FAST = Target(0.9, at_least=True)


def built_page() -> BuiltPage | None:
    """Return the page, if it is built and there is what judges it."""
    there = (PAGE / "index.html").exists() and LIGHTHOUSE.exists() and find_chromium()
    return BuiltPage(free_low_port(), PAGE) if there else None


def measure(url: str, state: Path) -> list[Figure]:
    """Return the score of the page as it is before a sign-in.

    Raises:
        LighthouseError: the page cannot be loaded.

    """
    chromium = find_chromium() or ""
    scores = lighthouse_scores(url, ["performance"], chromium, state / "lighthouse.json")
    name = "first load of the page, Lighthouse performance"
    return [Figure(name, scores["performance"], "", None, FAST)]
