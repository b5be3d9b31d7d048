"""Resources of all layers, one for each round of a loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.bicep.evaluation import possible, rounds, truths, uses
from tools.bicep.expressions import Expression
from tools.bicep.finding import Place
from tools.bicep.frames import Bound, Frame, Tree
from tools.bicep.identities import identity, parent
from tools.bicep.templates import Module, Resource
from tools.bicep.values import Record, Scalar, Value


@dataclass(frozen=True, slots=True)
class Deployed:
    """One resource in one round of its loop."""

    layer: str
    resource: Resource
    body: Bound

    @property
    def kind(self) -> str:
        """Its type without the version."""
        return self.resource.kind

    @property
    def frame(self) -> Frame:
        """The frame of its symbols."""
        return self.body.frame

    @property
    def place(self) -> Place:
        """The place of its declaration."""
        return self.resource.place

    @property
    def identity(self) -> str:
        """A text that no other resource has."""
        return identity(self.resource, self.frame)

    @property
    def parent(self) -> str | None:
        """The identity of the resource that it is a child of."""
        above = parent(self.resource, self.frame)
        return identity(*above) if above else None

    def at(self, *path: str) -> list[Value]:
        """Return the values that a property can have; none if it is not set."""
        values = list(possible(self.body))
        for name in path:
            values = [
                inner
                for value in values
                if isinstance(value, Record) and name in value.members
                for inner in possible(value.members[name])
            ]
        return values

    def texts(self, *path: str) -> set[str]:
        """Return the strings that a property can be."""
        found = [each.value for each in self.at(*path) if isinstance(each, Scalar)]
        return {each for each in found if isinstance(each, str)}

    def written(self, name: str) -> Bound | None:
        """Return a member of the body as it is written."""
        expression: Expression | None = self.resource.body.get(name)
        return Bound.of(expression, self.frame) if expression else None


def deployed(tree: Tree, *kinds: str, layer: str | None = None) -> Iterator[Deployed]:
    """Yield the resources of these types, or of all, in one layer or in all."""
    for outermost in tree.layers():
        if layer not in {None, outermost.name}:
            continue
        for frame in frames(outermost):
            for resource in frame.template.each(Resource):
                if not resource.existing and (not kinds or resource.kind in kinds):
                    for body in bodies(resource, frame):
                        yield Deployed(outermost.name, resource, body)


def layers_with(tree: Tree, *kinds: str) -> list[str]:
    """Return the names of the layers that deploy a resource of one of these types."""
    return sorted({each.layer for each in deployed(tree, *kinds)})


def bodies(resource: Resource, frame: Frame) -> Iterator[Bound]:
    """Yield the body of a resource, for each round of its loop in which it may be deployed."""
    for inner in rounds(resource, frame):
        if _may_be(resource, inner):
            yield Bound.of(resource.body, inner, resource.place)


def modules(outer: Frame) -> Iterator[Frame]:
    """Yield the frames of a template's modules, in each round of a loop in which they may be."""
    for module in outer.template.each(Module):
        # There are no uses of a module whose file is not there.
        for around, inner in zip(rounds(module, outer), uses(module, outer), strict=False):
            if _may_be(module, around):
                yield inner


def _may_be(deployed: Resource | Module, frame: Frame) -> bool:
    """Tell whether a condition lets something through, or may."""
    condition = deployed.condition
    return condition is None or True in truths(Bound.of(condition, frame))


def frames(outer: Frame) -> Iterator[Frame]:
    """Yield a frame and those of its modules, and of theirs."""
    yield outer
    for inner in modules(outer):
        yield from frames(inner)
