"""Nothing is said twice: properties, outputs, decorators, names of what is deployed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from tools.bicep.expressions import Expression, Literal, Object, Property, parts
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree
from tools.bicep.statements import every
from tools.bicep.templates import Module, Resource, Template
from tools.bicep.visits import roots


def check_duplicates(tree: Tree) -> Iterator[Finding]:
    """Yield what is said twice in one file; each time but the first."""
    for template in tree.templates():
        for root in roots(template):
            yield from _properties(root)
        yield from _statements(template)
        yield from _deployed(template)


def _properties(node: Expression | Property) -> Iterator[Finding]:
    if isinstance(node, Object):
        found = (
            (str(each.key), each.place) for each in node.properties if isinstance(each.key, str)
        )
        yield from _twice(found, "the property")
    for part in parts(node):
        yield from _properties(part)


def _statements(template: Template) -> Iterator[Finding]:
    outputs = [each for each in template.statements if each.keyword == "output"]
    yield from _twice(((each.name, each.place) for each in outputs), "the output")
    scopes = [each for each in template.statements if each.keyword == "targetScope"]
    yield from _twice(((each.keyword, each.place) for each in scopes), "the assignment of")
    for statement in every(template.statements):
        decorators = ((each.function, each.place) for each in statement.decorators)
        yield from _twice(decorators, "the decorator")


def _twice(named: Iterable[tuple[str, Place]], what: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            yield Finding(place, f"{what} {name} is there twice: remove one")
        seen.add(name)


def _deployed(template: Template) -> Iterator[Finding]:
    """Yield resources, and modules, of one name that are all deployed."""
    certain = [
        each
        for each in template.symbols.values()
        if isinstance(each, Resource | Module)
        and not each.loop
        and not each.condition
        and not (isinstance(each, Resource) and each.existing)
    ]
    for one, other in itertools.combinations(certain, 2):
        name = other.body.get("name")
        if name is not None and _key(one) == _key(other):
            text = f"{one.name} and {other.name} are deployed under one name"
            yield Finding(name.place, f"{text}: rename one")


def _key(deployed: Resource | Module) -> tuple[object, ...]:
    body = deployed.body
    name = body.get("name")
    if isinstance(name, Literal) and isinstance(name.value, str):
        name = Literal(name.value.lower(), place=name.place)
    if isinstance(deployed, Module):
        return (name, body.get("scope"))
    return (deployed.kind.lower(), name, deployed.parent, body.get("parent"), body.get("scope"))
