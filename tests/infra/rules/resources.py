"""Every resource is of a known type and is given what the type takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.infra.bicep.assignments import check_body
from tests.infra.bicep.deployed import bodies, frames
from tests.infra.bicep.expressions import Literal, Object
from tests.infra.bicep.finding import Finding
from tests.infra.bicep.frames import Bound, Tree
from tests.infra.bicep.schema import Type, body, versions
from tests.infra.bicep.templates import Resource

UNCHECKED: Mapping[str, str] = {
    "Microsoft.App/": "the types of Container Apps are not in the data",
    "Microsoft.ContainerRegistry/": "the types of registries are not in the data",
    "Microsoft.Network/virtualNetworks/subnets": "only referred to; made with their network",
}
"""How types begin that are not checked, and why."""

_OF_EXISTING = {"name", "scope", "parent"}


def check_resources(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with resources, in every use of every template."""
    for layer in tree.layers():
        for frame in frames(layer):
            for resource in frame.template.each(Resource):
                if resource.kind.startswith(tuple(UNCHECKED)):
                    continue
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
    yield from check_body(replace(bound, expression=_with_own_name(resource)), expected)


def _with_own_name(resource: Resource) -> Object:
    """Return the body with the last part of a name such as `account/default`."""
    if resource.parent or resource.body.get("parent"):
        return resource.body
    return replace(
        resource.body,
        properties=tuple(
            replace(each, value=replace(each.value, value=each.value.value.rpartition("/")[2]))
            if each.key == "name"
            and isinstance(each.value, Literal)
            and isinstance(each.value.value, str)
            else each
            for each in resource.body.properties
        ),
    )


def _unknown(resource: Resource) -> Finding:
    known = versions(resource.kind)
    hint = f"the data has {', '.join(known)}" if known else "the data has no such type"
    return Finding(resource.place, f"{resource.type} is unknown: {hint}")
