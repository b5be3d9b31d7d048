"""README.md is short and true, and docs/README.md leads to every other document."""

from __future__ import annotations

import json
import re
from typing import Any

from jsonschema import Draft202012Validator

from tests.markdown import ROOT, code_of, documents, links
from tests.openapi import contract

README = (ROOT / "README.md").read_text(encoding="utf-8")
INDEX = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
READERS = [
    "For developers of applications",
    "For quantum specialists",
    "For platform engineers",
    "For contributors",
]


def test_it_is_read_in_one_go() -> None:
    """What does not fit into a hundred lines belongs into a document of its own."""
    assert len(README.splitlines()) <= 100
    assert max(map(len, README.splitlines())) <= 110


def schema(algorithm: str, name: str) -> Any:  # noqa: ANN401 - it is JSON
    """Return a schema of an algorithm."""
    path = ROOT / "algorithms" / algorithm / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_example_of_a_job_is_one() -> None:
    """Its input and its result are what the schemas of its algorithm and the contract allow."""
    (block,) = [one for one in code_of(README) if one.startswith("POST /algorithms/")]
    (algorithm,) = re.findall(r"^POST /algorithms/(\w+)/jobs$", block, re.MULTILINE)
    submission, answer = (
        json.loads(text) for text in re.split(r"^(?:GET|POST) .*$", block, flags=re.MULTILINE)[1:]
    )
    schemas = contract()["components"]["schemas"]

    Draft202012Validator(schema(algorithm, "input")).validate(submission["input"])
    Draft202012Validator(schema(algorithm, "result")).validate(answer["result"])
    assert submission.keys() <= schemas["Submission"]["properties"].keys()
    assert answer.keys() <= schemas["JobOutcome"]["properties"].keys()
    assert answer["algorithm"] == algorithm
    assert len(answer["result"]["numbers"]) == submission["input"]["count"]


def test_the_index_has_every_document_once() -> None:
    """Each has one row, with its path from the root as the text of its link."""
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| .+ \|$", INDEX, re.MULTILINE)
    targets = {
        text: (ROOT / "docs" / target).resolve().relative_to(ROOT.resolve()).as_posix()
        for text, target in rows
    }

    assert sorted(text for text, _ in rows) == [
        name for name in documents() if name != "docs/README.md"
    ]
    assert {text: target for text, target in targets.items() if text != target} == {}
    assert len(list(links(INDEX))) == len(rows)


def test_the_index_is_by_reader() -> None:
    """There is a table for each, and nothing besides."""
    assert re.findall(r"^## (.*)$", INDEX, re.MULTILINE) == READERS
    for section in INDEX.split("\n## ")[1:]:
        assert section.count("\n| [") >= 4


def test_the_first_documents_lead_to_the_index() -> None:
    """A reader of any of them finds all the others."""
    for name in ("README.md", "AGENTS.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "docs/README.md" in {link.target for link in links(text)}, name
