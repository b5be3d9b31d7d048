"""The spans of a job as a tree, from the file in which the functions of a stack write them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JOB = "qjobs.job.id"


@dataclass(frozen=True, slots=True)
class Span:
    """A span as it was written, with those below it."""

    name: str
    trace_id: str
    began: int
    """In nanoseconds."""
    ended: int | None
    """None if it goes on, or its process was killed."""
    failed: bool
    attributes: dict[str, Any]
    below: list[Span] = field(default_factory=list)

    def all(self) -> Iterator[Span]:
        """Yield it and the spans below it."""
        yield self
        for span in self.below:
            yield from span.all()


def read_trees(file: Path) -> list[Span]:
    """Return the spans of a file, and of the one that was put aside, that are below none.

    A span that was written twice, at its beginning and at its end, is the second.

    Raises:
        FileNotFoundError: there is no such file.

    """
    older = file.with_name(f"{file.name}.1")
    written: dict[str, dict[str, Any]] = {}
    for part in (older, file) if older.exists() else (file,):
        for line in part.read_text(encoding="ascii").splitlines():
            document = _document(line)
            if document is not None:
                written[document["spanId"]] = document
    spans = {one: _span(document) for one, document in written.items()}
    roots: list[Span] = []
    for one, document in written.items():
        parent = spans.get(document["parentSpanId"])
        (roots if parent is None else parent.below).append(spans[one])
    for span in spans.values():
        span.below.sort(key=_began)
    return sorted(roots, key=_began)


def trees_of(job_id: str, trees: Iterable[Span]) -> list[Span]:
    """Return the trees in which a job occurs: one trace may have several jobs of one caller."""
    return [
        tree for tree in trees if any(span.attributes.get(JOB) == job_id for span in tree.all())
    ]


def lines_of(trees: Sequence[Span]) -> Iterator[str]:
    """Yield a line for each span: when it began and how long it took, what it did, and of what."""
    begin = min(tree.began for tree in trees)
    by_trace: dict[str, list[Span]] = defaultdict(list)
    for tree in trees:
        by_trace[tree.trace_id].append(tree)
    for trace, roots in by_trace.items():
        yield f"trace {trace}"
        yield f"{'began':>12}{'took':>12}"
        for root in roots:
            yield from _lines(root, begin, 0)


def _lines(span: Span, begin: int, depth: int) -> Iterator[str]:
    took = "unfinished" if span.ended is None else _milliseconds(span.ended - span.began)
    facts = " ".join(_facts(span))
    times = f"{_milliseconds(span.began - begin):>12}{took:>12}"
    yield f"{times}  {'  ' * depth}{span.name}  {facts}".rstrip()
    for one in span.below:
        yield from _lines(one, begin, depth + 1)


def _facts(span: Span) -> Iterator[str]:
    """Yield the facts that the name of a span does not tell."""
    known = span.attributes
    if span.failed or "error.type" in known:
        yield f"error: {known.get('error.type', 'unknown')}"
    for name, text in (
        ("qjobs.visit.source", "from a {}"),
        ("qjobs.visit.number", "visit {}"),
        ("qjobs.visit.attempt", "attempt {}"),
        ("qjobs.message.delay", "hidden for {} s"),
        ("qjobs.target.id", "{}"),
        ("qjobs.provider.job.id", "{}"),
        ("qjobs.provider.job.status", "{}"),
        ("qjobs.algorithm.id", "{}"),
        ("qjobs.job.status", "{}"),
    ):
        if known.get(name):
            yield text.format(known[name])


def _milliseconds(nanoseconds: int) -> str:
    return f"{nanoseconds / 1e6:,.1f} ms"


def _began(span: Span) -> int:
    return span.began


def _document(line: str) -> dict[str, Any] | None:
    """Return a line that was written whole; None is the last one of a process that was killed."""
    try:
        document: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return document


def _span(document: dict[str, Any]) -> Span:
    return Span(
        name=document["name"],
        trace_id=document["traceId"],
        began=document["startTimeUnixNano"],
        ended=document["endTimeUnixNano"],
        failed=document["status"] == "ERROR",
        attributes=document["attributes"],
    )
