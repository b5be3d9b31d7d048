"""The Markdown documents of the repository as GitHub shows them: headings, links and tables."""

from __future__ import annotations

import posixpath
import re
import subprocess
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
_PARSER = MarkdownIt("commonmark").enable("table")


@cache
def tracked() -> frozenset[str]:
    """Return the files that a clone would have, by their path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return frozenset(name for name in listed if (ROOT / name).is_file())


def documents() -> Sequence[str]:
    """Return the Markdown documents of the repository, by their path from the root."""
    return sorted(name for name in tracked() if name.endswith(".md"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a document, and the line that its paragraph or row begins in."""

    target: str
    line: int


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to the first heading with this text."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> frozenset[str]:
    """Return the anchors of a document; those of equal headings are numbered from the second."""
    seen: Counter[str] = Counter()
    found = set()
    tokens = _PARSER.parse(text)
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            name = anchor(_plain(content))
            found.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return frozenset(found)


def links(text: str) -> Iterator[Link]:
    """Yield the links and images of a document, but nothing that is code."""
    for token in _PARSER.parse(text):
        for part in token.children or ():
            target = part.attrGet("href" if part.type == "link_open" else "src")
            if target is not None:
                assert token.map is not None
                yield Link(unquote(str(target)), token.map[0] + 1)


def code_of(text: str, languages: Container[str] | None = None) -> Iterator[str]:
    """Yield what of a document is code: blocks, and what stands between backticks in prose.

    Args:
        text: the document
        languages: those of the blocks that are wanted; without it all are

    """
    for token in _PARSER.parse(text):
        if token.type == "fence" and (languages is None or token.info.strip() in languages):
            yield token.content
        for part in token.children or ():
            if part.type == "code_inline":
                yield part.content


def table(document: str, heading: str) -> Iterator[list[str]]:
    """Return the rows of the first table under a heading, without its head."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    assert len(rows) > 2, f"no table under {heading} in {document}"
    for row in rows[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


def broken(document: str, text: str) -> Iterator[str]:
    """Yield what is wrong with each link of a document that leads nowhere on GitHub.

    Args:
        document: its path from the root
        text: its content

    """
    for link in links(text):
        if re.match(r"[a-z]+:", link.target):
            continue
        reason = _wrong(document, text, link.target)
        if reason:
            yield f"{document}:{link.line}: {link.target}: {reason}"


def _wrong(document: str, text: str, target: str) -> str | None:
    path, _, fragment = target.partition("#")
    if path.startswith("/"):
        return "write the path from the document's folder"
    name = posixpath.normpath(posixpath.join(posixpath.dirname(document), path))
    if not path:
        name = document
    elif name.startswith(".."):
        return "it is outside of the repository"
    elif name not in tracked() and not any(one.startswith(f"{name}/") for one in tracked()):
        return "there is no such file"
    if not fragment:
        return None
    if not name.endswith(".md"):
        return "only documents have anchors: lines of code move"
    known = anchors(text if name == document else (ROOT / name).read_text(encoding="utf-8"))
    return None if fragment in known else f"there is no such heading among {sorted(known)}"


def _plain(heading: Token) -> str:
    """Return the text of a heading without its marks."""
    return "".join(
        part.content for part in heading.children or () if part.type in {"text", "code_inline"}
    )
