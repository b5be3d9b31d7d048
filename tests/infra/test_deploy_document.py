"""docs/deploy.md says what can be chosen, and what it is if nobody chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")

KEPT_BY_HOOKS = {"QJOBS_BUDGET_START", "QJOBS_QUANTUM_BUDGET_START"}
"""What nobody sets: the hooks do, once."""


def variables() -> Mapping[str, str]:
    """Return what the two layers of azure.yaml can be given, with the defaults."""
    found: dict[str, str] = {}
    for layer in ("quantum", "app"):
        file = ROOT / "infra" / layer / "main.parameters.json"
        found |= dict(re.findall(r"\$\{(QJOBS_\w+)=([^}]*)\}", file.read_text(encoding="utf-8")))
    return found


def rows() -> Mapping[str, str]:
    """Return the variables of the table, each with the text of its default."""
    table = TEXT.partition("| variable | default |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1:3] for line in table.splitlines()[2:]]
    return {
        name: default.strip() for names, default in cells for name in re.findall(r"`(\w+)`", names)
    }


def test_the_table_has_what_can_be_chosen() -> None:
    """Each variable of a layer has a row, and each row is of a variable."""
    assert rows().keys() == variables().keys() - KEPT_BY_HOOKS


@pytest.mark.parametrize("name", sorted(variables().keys() - KEPT_BY_HOOKS))
def test_a_default_is_that_of_the_layer(name: str) -> None:
    """Where it is one value; what is by size or described in words has an empty one, or a mark."""
    written = rows()[name].strip("`")

    if re.fullmatch(r"[\w.]+", written) and written != "none":
        assert written == variables()[name]
    elif written == "none":
        assert variables()[name] == ""
