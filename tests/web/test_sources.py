"""The code of the page knows no algorithm, and what it is built from is looked at."""

from __future__ import annotations

import re

import pytest

from localdev.repository import ROOT

ALGORITHMS = sorted(path.parent.name for path in (ROOT / "algorithms").glob("*/algorithm.json"))
SOURCES = [
    path
    for pattern in ("*.ts", "*.scss", "*.js")
    for path in (ROOT / "web" / "src").rglob(pattern)
    # The contract has examples; programs are made of those in examples/, of one algorithm.
    if path.name not in {"contract.ts", "languages.ts"}
]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_line_is_for_one_algorithm(algorithm: str) -> None:
    """A new folder appears without a build: what is shown follows from schemas and examples."""
    named = re.compile(rf"""["'`/.#-]{algorithm}\b""")
    assert SOURCES
    assert [path.name for path in SOURCES if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_page_is_built_anew_when_a_program_of_the_examples_changes() -> None:
    """It shows them as they were when it was built, so `make web` has to look at them."""
    programs = (ROOT / "web/src/snippets/programs.ts").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    shown = re.findall(r'"(?:[.][.]/){3}(\w+)/', programs)
    looked_at = re.search(r"PAGE_SOURCES := \$\(shell find ([\w ]+) ", makefile)

    assert shown
    assert looked_at
    assert {*shown, "web"} <= set(looked_at[1].split())
