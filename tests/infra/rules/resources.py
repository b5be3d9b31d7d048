"""Every resource is of a known type and is given what the type takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tools.bicep.assignments import check_body
from tools.bicep.deployed import bodies, frames
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Literal, Object
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound, Tree
from tools.bicep.schema import Type, body, versions
from tools.bicep.templates import Resource
from tools.bicep.values import Scalar

_OF_EXISTING = {"name", "scope", "parent"}


def check_resources(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with resources, in every use of every template."""
    for layer in tree.layers():
        for frame in frames(layer):
            for resource in frame.template.each(Resource):
                expected = body(resource.type)
                if expected is None:
                    yield _unknown(resource)
                    continue
                for bound in bodies(resource, frame):
                    yield from _check(resource, bound, expected)


def _check(resource: Resource, bound: Bound, expected: Type) -> Iterator[Finding]:
    if resource.existing:
        for each in resource.body.properties:
            if each.key not in _OF_EXISTING:
                text = f"{each.key} is set of an existing resource: leave it out"
                yield Finding(each.place, text)
        return
    for own in _with_own_names(resource, bound):
        yield from check_body(replace(bound, expression=own), expected)


def _with_own_names(resource: Resource, bound: Bound) -> Iterator[Object]:
    """Yield the body with the last part of each name that it can have, as of `account/default`."""
    name = resource.body.get("name")
    values = [] if name is None or _inner(resource) else possible(Bound.of(name, bound.frame))
    long = [
        value.value.rpartition("/")[2]
        for value in values
        if isinstance(value, Scalar) and isinstance(value.value, str) and "/" in value.value
    ]
    if not long:
        yield resource.body
    for each in long:
        properties = tuple(
            replace(one, value=Literal(each, place=one.value.place)) if one.key == "name" else one
            for one in resource.body.properties
        )
        yield replace(resource.body, properties=properties)


def _inner(resource: Resource) -> bool:
    return resource.parent is not None or resource.body.get("parent") is not None


def _unknown(resource: Resource) -> Finding:
    known = versions(resource.kind)
    hint = f"the data has {', '.join(known)}" if known else "the data has no such type"
    return Finding(resource.place, f"{resource.type} is unknown: {hint}")
