"""The policies are told of backends that are there, in one region and in two."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.infra.rules.all import findings
from tools.bicep.frames import Tree

ROOT = Path(__file__).parents[2]
VALUES = Path("infra/app/gateway/values.bicep")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of this tree."""
    for folder in ("apim", "infra"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return Tree(tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("? 'functions-2'", "? 'functions-3'", "has no backend functions-3: "),
        ("name: 'functions-2'", "name: 'second'", "has no backend functions-2: "),
        ("name: 'functions-2'", "name: 'second'", "apim/ has no backends named second"),
    ],
)
def test_a_backend_that_is_not_there_is_found(
    tree: Tree, right: str, wrong: str, finding: str
) -> None:
    """API Management would take the value, and fail each request."""
    path = tree.root / VALUES
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")

    assert [each for each in findings("gateway", tree) if finding in each]


def test_a_backend_is_there_before_a_value_names_it(tree: Tree) -> None:
    """With a second region the policies would fail until there is its backend."""
    path = tree.root / VALUES
    text = path.read_text(encoding="utf-8")
    assert "      functions\n      secondFunctions\n" in text
    path.write_text(text.replace("      functions\n      secondFunctions\n", ""), encoding="utf-8")

    found = findings("order", Tree(tree.root))

    assert any("the named value may name secondFunctions before it is" in each for each in found)
