"""The table of algorithms in docs/algorithms.md: a row for each, ordered by id."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

HEADING = "The algorithms"
WHERE = f'docs/algorithms.md, table under "{HEADING}"'
_ID = re.compile(r"\| `(\w+)` \|")


def row(algorithm: str, summary: str) -> str:
    """Return the row of an algorithm, as it is written in the document."""
    return f"| `{algorithm}` | {summary} |"


def row_faults(
    document: str, summaries: Mapping[str, str], *, known: Container[str] | None = None
) -> list[str]:
    """Return the faults of the table, a line each that says what to write or to remove.

    Args:
        document: the text with the table in it
        summaries: of the algorithms to look for, by their ids; those of `algorithm.json`
        known: the ids of all algorithms there are; without it rows of others are let be

    """
    there = _rows(document)
    found = [f"{WHERE}: remove {one}" for one, of in there if known is not None and of not in known]
    for algorithm, summary in sorted(summaries.items()):
        right = row(algorithm, summary)
        rows = [one for one, of in there if of == algorithm]
        if not rows:
            before = [one for one, of in there if of < algorithm]
            found.append(f"{WHERE}: write {right} after {max(before, default='the head')}")
        found += [f"{WHERE}: write {right} instead of {one}" for one in rows[:1] if one != right]
        found += [f"{WHERE}: remove {one}, the second row" for one in rows[1:]]
    ids = [of for _, of in there]
    if known is not None and not found and ids != sorted(ids):
        found.append(f"{WHERE}: order the rows by their ids")
    return found


def _rows(document: str) -> list[tuple[str, str]]:
    """Return the rows of the table, each with the id in it."""
    section = document.partition(f"\n## {HEADING}\n")[2].partition("\n## ")[0]
    return [(line, found[1]) for line in section.splitlines() if (found := _ID.match(line))]
