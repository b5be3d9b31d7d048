"""docs/clients.md has the programs of examples/, and every program is safe to repeat."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.included_examples import DOCUMENT, programs, with_examples

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TYPED = sorted(ROOT.glob("tests/generators/programs/*/[sS]hortest.*"))
"""Compiled with a generated client, and run, in tests/generators."""
FILES = sorted(path for path in EXAMPLES.iterdir() if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize("file", [*FILES, *TYPED], ids=lambda path: path.name)
def test_the_document_has_each_program_as_it_is(file: Path) -> None:
    """What a reader copies is what tests run, byte by byte."""
    written = programs(DOCUMENT.read_text(encoding="utf-8"))

    assert written[str(file.relative_to(ROOT))].encode() == file.read_bytes()


def test_every_program_of_the_document_is_a_file() -> None:
    """No block of a language is a program that nobody runs."""
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(
        r"^```(?:python|javascript|typescript|go|java|csharp|powershell)$", text, re.MULTILINE
    )

    assert programs(text).keys() == {str(file.relative_to(ROOT)) for file in [*FILES, *TYPED]}
    assert len(blocks) == len([file for file in [*FILES, *TYPED] if file.suffix != ".sh"])


def test_a_block_that_differs_is_written_anew(tmp_path: Path) -> None:
    """The command replaces the code of a block, and nothing around it."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a.py").write_text("new\n", encoding="utf-8")
    head = "before\n\n[examples/a.py](../examples/a.py)\n\n```python\n"

    assert with_examples(f"{head}old\n```\nafter", tmp_path) == f"{head}new\n```\nafter"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_submission_can_be_repeated(file: Path) -> None:
    """A program that submits sends a key, so that an answer that got lost costs no second job."""
    code = file.read_text(encoding="utf-8")
    submits = re.search(r"ghz/jobs|submit_ghz_job", code)

    assert not submits or re.search(r"[Ii]dempotency[-_][Kk]ey", code)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_the_index_of_examples_has_each(file: Path) -> None:
    """examples/README.md says of every file what it does."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert f"| [{file.name}]({file.name}) |" in text


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.mjs")), ids=lambda path: path.name)
def test_javascript_imports_what_nodejs_18_has_not(file: Path) -> None:
    """There `crypto` is a module to import; it is a global object only since Node.js 19."""
    code = file.read_text(encoding="utf-8")

    assert "crypto." not in code or code.startswith('import crypto from "node:crypto";\n')
