"""What will be deployed is held against Azure's types, the code, apim/ and the runbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.infra.rules.all import NEED_TYPES, RULES, findings
from tools.bicep import schema
from tools.bicep.frames import Tree

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return this repository."""
    return Tree(ROOT)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_to_be_repaired(tree: Tree, rule: str) -> None:
    """The rule finds nothing in infra/, or says file, line and remedy."""
    if rule in NEED_TYPES and not schema.FILE.is_file():
        pytest.skip(f"no {schema.FILE.name} beside the repository")
    found = findings(rule, tree)

    assert not found, "\n" + "\n".join(found)
