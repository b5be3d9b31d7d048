"""The rules find what one gets wrong in practice: each mistake is made in a copy of this tree."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.mistakes import MISTAKES, Mistake
from tests.infra.rules.all import NEED_TYPES, findings
from tools.bicep import schema
from tools.bicep.frames import Tree

ROOT = Path(__file__).parents[2]
# Without the types, files are still read, but not properties of resources.
_NEED_TYPES = NEED_TYPES | {"reads"}
_FOLDERS = (".github", "apim", "docs", "functions", "infra", "qjobs")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree, whose files are parsed once: each test takes its mistake back."""
    root = tmp_path_factory.mktemp("copy")
    for folder in _FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    shutil.copy(ROOT / "azure.yaml", root)
    return root


@contextmanager
def _made(mistake: Mistake, root: Path) -> Iterator[tuple[Path, int]]:
    """Make a mistake inside the block; yields its file and line."""
    for path in sorted(root.glob(mistake.files)):
        text = path.read_text(encoding="utf-8")
        found = re.search(mistake.right, text, re.MULTILINE)
        if found:
            changed = text[: found.start()] + found.expand(mistake.wrong) + text[found.end() :]
            path.write_text(changed, encoding="utf-8")
            try:
                yield path, text.count("\n", 0, found.start()) + 1
            finally:
                path.write_text(text, encoding="utf-8")
            return
    pytest.fail(f"nothing in {mistake.files} matches {mistake.right}: seed this mistake otherwise")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found(copy: Path, name: str) -> None:
    """It is reported with file, line and remedy."""
    mistake = MISTAKES[name]
    if mistake.rule in _NEED_TYPES and not schema.FILE.is_file():
        pytest.skip(f"no {schema.FILE.name} beside the repository")
    with _made(mistake, copy) as (path, line):
        found = findings(mistake.rule, Tree(copy))

    about = [each for each in found if re.search(mistake.finding, each)]
    assert about, found
    for each in about:
        assert re.match(r"[\w./-]+:\d+: .+", each)
    if not mistake.elsewhere:
        assert any(each.startswith(f"{path.relative_to(copy)}:{line}: ") for each in about)
