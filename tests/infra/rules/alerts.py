"""Every alert says where the runbook tells what to do, and the runbook has no other sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.markdown import anchor
from tools.bicep.assignments import suggestion
from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.identities import canonical
from tools.bicep.values import Record, Scalar, Sequential, Unknown
from tools.bicep.visits import loaded_files

_ALERTS = (
    "Microsoft.Insights/activityLogAlerts",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/scheduledQueryRules",
)
_ANCHOR = re.compile(r"runbook\.md#([\w-]+)")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)

NO_ALERTS = frozenset({"metrics"})
"""Anchors of sections that are about no alert."""


def check_alerts(tree: Tree) -> Iterator[Finding]:
    """Yield alerts without a section, sections without an alert, and queries nobody asks."""
    runbook = tree.root / "docs" / "runbook.md"
    text = runbook.read_text(encoding="utf-8") if runbook.is_file() else ""
    sections = {anchor(match[1]): _line(text, match.start()) for match in _HEADING.finditer(text)}
    named = set()
    for alert in deployed(tree, *_ALERTS):
        described = list(_descriptions(alert))
        if not any(_ANCHOR.search(text) for text, _ in described):
            hint = "end the description with docs/runbook.md# and its anchor"
            yield Finding(alert.place, f"the alert names no section of the runbook: {hint}")
        for text_of, place in described:
            for name in _ANCHOR.findall(text_of):
                named.add(name)
                if name not in sections:
                    hint = suggestion(name, sorted(sections)) if sections else "write one"
                    yield Finding(place, f"docs/runbook.md has no section {name}: {hint}")
        yield from _columns(alert)
    named |= _budgets(tree)
    for name in sorted(sections.keys() - named - NO_ALERTS):
        place = Place(runbook, sections[name])
        yield Finding(place, f"no alert names the section {name}: add one, or remove the section")
    yield from _queries(tree)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _descriptions(alert: Deployed) -> Iterator[tuple[str, Place]]:
    for value in alert.at("properties", "description"):
        match value:
            case Scalar(value=str(text), place=place):
                yield text, place
            case Unknown(bound=bound):
                yield canonical(bound), bound.place


def _budgets(tree: Tree) -> set[str]:
    """Return the sections that budgets are about: they have no description, but a comment."""
    return {
        name
        for budget in deployed(tree, "Microsoft.Consumption/budgets")
        for name in _ANCHOR.findall(budget.resource.place.path.read_text(encoding="utf-8"))
    }


def _columns(alert: Deployed) -> Iterator[Finding]:
    """Yield columns that an alert adds up and that its query does not give."""
    for criteria in alert.at("properties", "criteria", "allOf"):
        for item in criteria.items if isinstance(criteria, Sequential) else ():
            for about in possible(item):
                members = about.members if isinstance(about, Record) else {}
                if not {"metricMeasureColumn", "query"} <= members.keys():
                    continue
                given = _given(members["query"])
                for column in possible(members["metricMeasureColumn"]):
                    if isinstance(column, Scalar) and column.value not in given:
                        hint = suggestion(str(column.value), sorted(given))
                        text = f"the query of the alert gives no {column.value}: {hint}"
                        yield Finding(column.place, text)


def _given(query: Bound) -> set[str]:
    """Return the columns that a query makes by summing up."""
    found = set()
    for value in possible(query):
        call = value.bound.expression if isinstance(value, Unknown) else None
        path = query.frame.tree.loaded(call) if isinstance(call, Call) else None
        if path is not None and path.is_file():
            last = path.read_text(encoding="utf-8").rpartition("| summarize ")[2]
            found |= set(re.findall(r"(\w+) = ", last))
    return found


def _queries(tree: Tree) -> Iterator[Finding]:
    loaded = loaded_files(tree)
    for path in sorted((tree.root / "infra").rglob("*.kql")):
        if path.resolve() not in loaded:
            text = "no template loads this query: load it with loadTextContent"
            yield Finding(Place(path), text)
