"""The layer with the functions in a container takes what the app's takes, or a document says no."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def variables(layer: str) -> set[str]:
    """Return the variables of azd's environment that a layer takes."""
    file = ROOT / "infra" / layer / "main.parameters.json"
    return set(re.findall(r"\$\{(\w+)", file.read_text(encoding="utf-8")))


def test_what_has_no_effect_is_said() -> None:
    """Whoever asks for a closed storage account does not get an open one unawares."""
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    sentence = re.search(r"these have no effect:((?:\s+`\w+`[,.])+)", text)
    assert sentence

    said = re.findall(r"`(\w+)`", sentence[1])

    assert said == sorted(variables("app") - variables("container"))
