"""The layer with the functions in a container takes what the app's takes, or a document says no."""

from __future__ import annotations

import re
from pathlib import Path

from tools.bicep.deployed import deployed
from tools.bicep.evaluation import resource_of
from tools.bicep.frames import Tree

ROOT = Path(__file__).parents[2]


def variables(layer: str) -> set[str]:
    """Return the variables of azd's environment that a layer takes."""
    file = ROOT / "infra" / layer / "main.parameters.json"
    return set(re.findall(r"\$\{(\w+)", file.read_text(encoding="utf-8")))


def test_what_has_no_effect_is_said() -> None:
    """Whoever asks for a closed storage account does not get an open one unawares."""
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    sentence = re.search(r"they have no effect:((?:\s+`\w+`[,.])+)", text)
    assert sentence

    said = re.findall(r"`(\w+)`", sentence[1])

    assert said == sorted(variables("app") - variables("container"))


def test_both_log_who_ran_jobs() -> None:
    """One workspace serves both, and a diagnostic setting of one name would go to the later one."""
    names = [
        name
        for each in deployed(Tree(ROOT), "Microsoft.Insights/diagnosticSettings")
        if (scope := each.written("scope"))
        and (found := resource_of(scope))
        and found[0].kind == "Microsoft.Quantum/workspaces"
        for name in each.texts("name")
    ]

    assert len(names) == 2
    assert len(set(names)) == 2
