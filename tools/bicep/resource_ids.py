"""Ids and names of resources, as far as a template states them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.bicep.expressions import Call, Expression
from tools.bicep.frames import Bound, Context, Frame
from tools.bicep.places import below, group_id, subscription_id
from tools.bicep.plain import Evaluate, NotKnownError, plain_of
from tools.bicep.templates import Module, Resource

_GROUPS = "Microsoft.Resources/resourceGroups"
type Find = Callable[[Bound], tuple[Resource, Frame] | None]
"""What returns the resource that an expression is, with its frame."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Finds resource ids by evaluation."""

    evaluate: Evaluate
    find: Find

    def fact(self, resource: Resource, frame: Frame, name: str) -> str:
        """Return the id, name, type or version of a resource.

        Raises:
            NotKnownError: only the deployment knows it, or it is another property.

        """
        match name:
            case "id":
                return self.id(resource, frame)
            case "name":
                return self._own_name(resource, frame)
            case "type":
                return resource.kind
            case "apiVersion":
                return resource.type.partition("@")[2]
        raise NotKnownError

    def names(self, resource: Resource, frame: Frame) -> list[str]:
        """Return the names of a resource and of those that it is a child of.

        Raises:
            NotKnownError: only the deployment knows one of them.

        """
        above = self.parent(resource, frame)
        outer = self.names(*above) if above else []
        return [*outer, *self._own_name(resource, frame).split("/")]

    def id(self, resource: Resource, frame: Frame) -> str:
        """Return the id of a resource.

        Raises:
            NotKnownError: only the deployment knows a part of it.

        """
        if frame.context is None:
            raise NotKnownError
        names = self.names(resource, frame)
        outermost, its_frame = resource, frame
        while above := self.parent(outermost, its_frame):
            outermost, its_frame = above
        if resource.kind == _GROUPS:
            return f"{subscription_id(frame.context)}/resourceGroups/{names[0]}"
        return below(self._scope(outermost, its_frame), resource.kind, names)

    def parent(self, resource: Resource, frame: Frame) -> tuple[Resource, Frame] | None:
        """Return the resource that one is a child of, by nesting or by `parent`."""
        if resource.parent:
            above = frame.template.symbols.get(resource.parent)
            return (above, frame) if isinstance(above, Resource) else None
        given = resource.body.get("parent")
        return self.find(Bound.of(given, frame)) if given else None

    def context(self, module: Module, frame: Frame) -> Context | None:
        """Return where a module is deployed to."""
        scope = module.body.get("scope")
        if frame.context is None or scope is None:
            return frame.context
        try:
            return replace(frame.context, group=self._group(scope, frame))
        except NotKnownError:
            return None

    def _own_name(self, resource: Resource, frame: Frame) -> str:
        name = resource.body.get("name")
        found = plain_of(Bound.of(name, frame), self.evaluate) if name else None
        if not isinstance(found, str):
            raise NotKnownError
        return found

    def _scope(self, resource: Resource, frame: Frame) -> str:
        if frame.context is None:
            raise NotKnownError
        scope = resource.body.get("scope")
        if scope is None:
            own = frame.template.scope
            return (
                group_id(frame.context)
                if own == "resourceGroup"
                else subscription_id(frame.context)
            )
        found = self.find(Bound.of(scope, frame))
        if found:
            return self.id(*found)
        group = self._group(scope, frame)
        return group_id(replace(frame.context, group=group))

    def _group(self, scope: Expression, frame: Frame) -> str | None:
        """Return the name of the resource group that a scope is; None of a subscription."""
        found = self.find(Bound.of(scope, frame))
        if found and found[0].kind == _GROUPS:
            return self._own_name(*found)
        match scope:
            case Call(of=None, function="resourceGroup", arguments=(name,)):
                group = plain_of(Bound.of(name, frame), self.evaluate)
                if isinstance(group, str):
                    return group
            case Call(of=None, function="resourceGroup", arguments=()) if frame.context:
                return frame.context.group
            case Call(of=None, function="subscription", arguments=()):
                return None
        raise NotKnownError
