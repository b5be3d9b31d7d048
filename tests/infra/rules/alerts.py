"""Every alert says where the runbook tells what to do, and the runbook has no other sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.infra.bicep.assignments import suggestion
from tests.infra.bicep.deployed import Deployed, deployed
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.frames import Tree
from tests.infra.bicep.identities import canonical
from tests.infra.bicep.values import Scalar, Unknown
from tests.infra.bicep.visits import loaded_files

_ALERTS = (
    "Microsoft.Insights/activityLogAlerts",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/scheduledQueryRules",
)
_ANCHOR = re.compile(r"runbook\.md#([\w-]+)")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)

NO_ALERTS: frozenset[str] = frozenset()
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
            hint = "end the description with docs/runbook.md#section"
            yield Finding(alert.place, f"the alert names no section of the runbook: {hint}")
        for text_of, place in described:
            for name in _ANCHOR.findall(text_of):
                named.add(name)
                if name not in sections:
                    hint = suggestion(name, sorted(sections)) if sections else "write one"
                    yield Finding(place, f"docs/runbook.md has no section {name}: {hint}")
    named |= _budgets(tree)
    for name in sorted(sections.keys() - named - NO_ALERTS):
        place = Place(runbook, sections[name])
        yield Finding(place, f"no alert names the section {name}: add one, or remove the section")
    yield from _queries(tree)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


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


def _queries(tree: Tree) -> Iterator[Finding]:
    loaded = loaded_files(tree)
    for path in sorted((tree.root / "infra").rglob("*.kql")):
        if path.resolve() not in loaded:
            text = "no template loads this query: load it with loadTextContent"
            yield Finding(Place(path), text)
