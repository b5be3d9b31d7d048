"""Every link of every document leads somewhere, and so does every document that a file names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.markdown import ROOT, anchor, anchors, broken, documents, links, tracked

_MENTION = re.compile(r"(?<![\w/.-])((?:docs|examples|packages)/[\w./-]*\.md)(?:#([\w-]+))?")
_MADE_UP = ("docs/made-up.md",)
"""What tests name because it is not there."""


def mentions() -> Iterator[tuple[str, str, str]]:
    """Yield each document that a text of the repository names by its path, with the anchor."""
    for name in sorted(tracked()):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for path, fragment in _MENTION.findall(text):
            yield name, path, fragment


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_somewhere(document: str) -> None:
    """Each names a file that a clone has, and a heading of it if it has an anchor."""
    text = (ROOT / document).read_text(encoding="utf-8")

    assert list(broken(document, text)) == []


def test_every_document_that_is_named_is_there() -> None:
    """A comment, a message or an alert that names a document sends nobody to the wrong place."""
    wrong = []
    for name, path, fragment in mentions():
        package = "/".join(name.split("/")[:2])
        places = [path, f"{package}/{path}"] if name.startswith("packages/") else [path]
        found = [place for place in places if place in tracked()]
        if not found and path not in _MADE_UP:
            wrong.append(f"{name}: there is no {path}")
        elif found and fragment:
            text = (ROOT / found[0]).read_text(encoding="utf-8")
            if fragment not in anchors(text):
                wrong.append(f"{name}: {path} has no heading {fragment}")

    assert wrong == []


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("deploy.md", None),
        ("../infra", None),
        ("../infra/", None),
        ("#here", None),
        ("#here-1", None),
        ("deploy.md#the-first-time", None),
        ("https://example.com/nowhere.md", None),
        ("Deploy.md", "no such file"),
        ("../.venv", "no such file"),
        ("../../elsewhere.md", "outside"),
        ("/docs/deploy.md", "from the document's folder"),
        ("#there", "no such heading"),
        ("#Here", "no such heading"),
        ("#here-2", "no such heading"),
        ("deploy.md#first-time", "no such heading"),
        ("../qjobs/ports.py#L10", "lines of code move"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, reason: str | None) -> None:
    """Files, folders and headings are those that GitHub would show, with capital letters."""
    text = f"# Made up\n\n## Here\n\n[a word]({link})\n\n## Here\n"

    found = list(broken("docs/made-up.md", text))

    assert len(found) == (reason is not None)
    assert all(one.startswith(f"docs/made-up.md:5: {link}: ") for one in found)
    assert all(str(reason) in one for one in found)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("The API", "the-api"),
        ("`make up`, step by step", "make-up-step-by-step"),
        ("What is it? (And why)", "what-is-it-and-why"),
        ("Retry-After: 300", "retry-after-300"),
        ("[Links](x.md) and *stress*", "links-and-stress"),
        ("snake_case", "snake_case"),
        ("a - b", "a---b"),
        ("Größe 10 %", "größe-10-"),
    ],
)
def test_an_anchor_is_the_one_of_github(heading: str, name: str) -> None:
    """Lower case, no marks and no punctuation, a hyphen for each space."""
    assert anchors(f"# {heading}\n") == {name}


def test_an_anchor_of_plain_text_is_that_of_its_heading() -> None:
    """Rules that read headings themselves find the same."""
    assert anchor("Azure service health") in anchors("## Azure service health\n")


def test_code_has_no_links() -> None:
    """What looks like a link in a block or between backticks is none; cells of tables are read."""
    text = "`[a](b)`\n\n```python\nrow[x](y)\n```\n\n| a |\n|---|\n| [c](d) |\n"

    assert [link.target for link in links(text)] == ["d"]
