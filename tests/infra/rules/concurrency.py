"""What a service refuses to change at the same time is changed one after the other.

While one child of an API of API Management is written, the next gets 409; a site takes one change
of its configuration at a time, a private link scope one of its resources, a subnet one endpoint.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tools.bicep.deployed import Deployed, deployed, frames
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.identities import canonical
from tools.bicep.order import follows
from tools.bicep.templates import Declaration, Template
from tools.bicep.values import Unknown

_SERVICE = "Microsoft.ApiManagement/service"
_SITE = "Microsoft.Web/sites"
_ENDPOINT = "Microsoft.Network/privateEndpoints"

OWNERS: Mapping[str, str] = {
    f"{_SERVICE}/apis": "an API of API Management",
    f"{_SERVICE}/products": "a product of API Management",
    "Microsoft.Insights/privateLinkScopes": "a private link scope",
    _SITE: "a site",
}
"""Resources of which one child is written at a time."""


def check_concurrency(tree: Tree) -> Iterator[Finding]:
    """Yield resources that may be written while their owner writes another."""
    for layer in tree.layers():
        for (_, what), written in _groups(tree, layer.name).items():
            for one, other in itertools.combinations(written, 2):
                if _at_once(one, other, tree):
                    text = f"{what} may be writing {one.resource.name} at the same time"
                    hint = "add one of the two, or its module, to the other's dependsOn"
                    yield Finding(other.place, f"{text}, and refuses: {hint}")


def _groups(tree: Tree, layer: str) -> Mapping[tuple[str, str], list[Deployed]]:
    """Return what has the same owner, by the owner."""
    # One that may stand in either of two lists is deployed once.
    once: dict[str, Deployed] = {}
    for each in deployed(tree, layer=layer):
        once.setdefault(each.identity, each)
    everything = list(once.values())
    found: dict[tuple[str, str], list[Deployed]] = defaultdict(list)
    for owner in everything:
        what = OWNERS.get(owner.kind)
        for each in everything if what else ():
            if each.identity.startswith(f"{owner.identity}/") or _links(each, owner):
                found[owner.identity, str(what)].append(each)
    for each in everything:
        if each.kind == _ENDPOINT:
            for value in each.at("properties", "subnet", "id"):
                subnet = canonical(value.bound) if isinstance(value, Unknown) else str(value)
                found[subnet, "a subnet"].append(each)
    return found


def _links(each: Deployed, api: Deployed) -> bool:
    """Tell whether a resource puts an API into a product, for which both are locked."""
    name, of_api = each.written("name"), api.written("name")
    return (
        each.kind == f"{_SERVICE}/products/apis"
        and name is not None
        and of_api is not None
        and canonical(name) == canonical(of_api)
    )


def _at_once(one: Deployed, other: Deployed, tree: Tree) -> bool:
    """Tell whether nothing makes one of the two wait for the other."""
    here = [*one.frame.name.split("/"), one.resource.name]
    there = [*other.frame.name.split("/"), other.resource.name]
    depth = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), None)
    if depth is None:  # Two rounds of one resource.
        return not _serial(one.resource)
    mine, theirs = (path[depth].partition("[")[0] for path in (here, there))
    if mine == theirs:  # Two rounds of one module.
        return not _serial(_outer(tree, "/".join(here[:depth])).symbols[mine])
    return not (follows(one, other, tree) or follows(other, one, tree))


def _outer(tree: Tree, name: str) -> Template:
    """Return the template of a frame, by the frame's name."""
    return next(
        frame.template for layer in tree.layers() for frame in frames(layer) if frame.name == name
    )


def _serial(declaration: Declaration) -> bool:
    """Tell whether a loop has the decorator for one round at a time."""
    text = declaration.place.path.read_text(encoding="utf-8")
    above = reversed(text.splitlines()[: declaration.place.line - 1])
    return "@batchSize(1)" in itertools.takewhile(lambda each: each.startswith("@"), above)
