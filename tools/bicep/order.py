"""Order of deployment: references and dependsOn, across modules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tools.bicep.deployed import Deployed, frames
from tools.bicep.expressions import Name, walk
from tools.bicep.frames import Frame, Tree
from tools.bicep.templates import Module, Parameter, Resource, Template, Variable


def follows(later: Deployed, earlier: Deployed, tree: Tree) -> bool:
    """Tell whether *later* waits for *earlier*; both are of one layer."""
    here = [*later.frame.name.split("/"), later.resource.name]
    there = [*earlier.frame.name.split("/"), earlier.resource.name]
    depth = next(i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b)
    template = _templates(tree)["/".join(here[:depth])]
    mine, theirs = (path[depth].partition("[")[0] for path in (here, there))
    return theirs in _waits_for(template, mine)


@cache
def _templates(tree: Tree) -> Mapping[str, Template]:
    """Return the template of every frame by the frame's name."""
    every: list[Frame] = [frame for layer in tree.layers() for frame in frames(layer)]
    return {frame.name: frame.template for frame in every}


def _waits_for(template: Template, symbol: str) -> set[str]:
    """Return the resources and modules that one depends on, directly or indirectly."""
    found: set[str] = set()
    left = [symbol]
    while left:
        declaration = template.symbols.get(left.pop())
        match declaration:
            case Resource(value=value, parent=parent):
                names = {each.name for each in walk(value) if isinstance(each, Name)}
                names |= {parent} if parent else set()
            case Module(value=value) | Variable(value=value) | Parameter(default=value) if value:
                names = {each.name for each in walk(value) if isinstance(each, Name)}
            case _:
                continue
        left += names - found
        found |= names
    return found
