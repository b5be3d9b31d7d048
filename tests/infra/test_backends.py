"""The policies are told of a backend that is there, in one region and in two."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.infra.bicep.frames import Tree
from tests.infra.rules.all import findings

ROOT = Path(__file__).parents[2]
VALUES = Path("infra/app/gateway/values.bicep")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of this tree in which a named value chooses the backend."""
    for folder in ("apim", "infra"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    values = tmp_path / "apim" / "named-values.json"
    named = json.loads(values.read_text(encoding="utf-8"))
    values.write_text(json.dumps({**named, "functions-backend": {"default": "functions"}}))
    policy = tmp_path / "apim" / "policies" / "api.xml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace('backend-id="functions"', 'backend-id="{{functions-backend}}"'))
    assert "{{functions-backend}}" in policy.read_text(encoding="utf-8")
    return Tree(tmp_path)


def test_either_backend_is_there(tree: Tree) -> None:
    """With a second region it is a pool, under a name of its own."""
    assert findings("gateway", tree) == []


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("? 'functions-pool'", "? 'pool'", "has no backend pool: "),
        ("name: 'functions-pool'", "name: 'pool'", "has no backend functions-pool: "),
        ("id: secondFunctions.id", "id: functions.id", "apim/ has no backends named functions-2"),
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
    """With a second region the policies would fail until there is the pool."""
    assert findings("order", tree) == []
    path = tree.root / VALUES
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("      functions\n      pool\n", ""), encoding="utf-8")

    found = findings("order", Tree(tree.root))

    assert any("the named value may name pool before it is there" in each for each in found)
