"""Small trees of templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.bicep import schema
from tools.bicep.frames import Tree

type Write = Callable[..., Tree]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a layer `app` of a main template and the files beside it."""

    def write(main: str, **others: str) -> Tree:
        folder = tmp_path / "infra" / "app"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {"main": main, **others}.items():
            stem, _, suffix = name.partition("__")
            path = folder / f"{stem}.{suffix or 'bicep'}"
            path.write_text(text, encoding="utf-8")
        return Tree(tmp_path)

    return write


@pytest.fixture
def types() -> None:
    """Skip the test where the types of Azure are not at hand."""
    if not schema.FILE.is_file():
        pytest.skip(f"no {schema.FILE.name} beside the repository")
