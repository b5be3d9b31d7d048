"""docs/glossary.md names things where they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \| (?P<where>[^|]+) \|")
_PLACE = re.compile(r"\[(?P<path>[^\]]+)\]\(\.\./(?P<link>[^)]+)\)(?P<names>(?:,? `[^`]+`)+)")

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [match.groups() for line in TEXT.splitlines()[7:] if (match := _ROW.fullmatch(line))]


def test_every_row_is_read() -> None:
    """The table is all of the document below its head, in the order of the alphabet."""
    words = [word for word, _, _ in ROWS]

    assert len(words) == len(TEXT.splitlines()[7:])
    assert len(words) >= 25
    assert words == sorted(set(words), key=str.lower)


@pytest.mark.parametrize(("word", "where"), [(word, where) for word, _, where in ROWS])
def test_every_word_is_where_the_glossary_says(word: str, where: str) -> None:
    """Each file of a row exists, and has each name that the row says is in it."""
    places = list(_PLACE.finditer(where))

    assert ", ".join(place[0] for place in places) == where
    for place in places:
        assert place["path"] == place["link"]
        code = (ROOT / place["path"]).read_text(encoding="utf-8")
        for name in re.findall(r"`([^`]+)`", place["names"]):
            assert re.search(rf"\b{re.escape(name)}\b", code), f"{word}: no {name} in {place[0]}"


@pytest.mark.parametrize("meaning", [meaning for _, meaning, _ in ROWS])
def test_a_meaning_is_a_sentence_or_two(meaning: str) -> None:
    """A meaning is read at a glance."""
    assert re.fullmatch(r"[A-Z].*\.", meaning)
    assert 1 <= len(re.findall(r"[.:](?: |$)", meaning)) <= 3
    assert len(meaning) <= 200
