"""Snapshot: the resources of a template for given parameters, before a deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from tools.bicep.deployed import bodies, modules
from tools.bicep.evaluation import possible, resource_of
from tools.bicep.expressions import Name
from tools.bicep.finding import Place
from tools.bicep.frames import Bound, Context, Frame, Tree
from tools.bicep.literals import constant
from tools.bicep.plain import NotKnownError
from tools.bicep.resource_ids import Ids
from tools.bicep.schema import ENVELOPE
from tools.bicep.templates import Parameter, Resource
from tools.bicep.values import Record, Scalar, Sequential


class Later(Enum):
    """A value that is known only at deployment."""

    KNOWN = "[...]"


type Known = str | int | bool | list[Known] | dict[str, Known] | Later | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Resources and outputs as far as they are known."""

    resources: list[dict[str, Known]]
    outputs: dict[str, Known]


def snapshot(
    path: Path, tree: Tree, parameters: Mapping[str, object], context: Context
) -> Snapshot:
    """Return the snapshot of the template in a file."""
    frame = _given(Frame(tree.template(path), tree, "snapshot", {}, context=context), parameters)
    return Snapshot(
        list(_resources(frame)),
        {
            name: _known(Bound.of(each.value, frame))
            for name, each in frame.template.outputs.items()
        },
    )


def variable(path: Path, tree: Tree, parameters: Mapping[str, object], name: str) -> Known:
    """Return the value of a variable of the template in a file."""
    nowhere = Context("", "", "", "")
    frame = _given(Frame(tree.template(path), tree, "variable", {}, context=nowhere), parameters)
    return _known(Bound.of(Name(name, place=Place(path)), frame))


def _given(empty: Frame, parameters: Mapping[str, object]) -> Frame:
    """Return the frame with values for its parameters."""
    given = {
        name: Bound.of(constant(value, parameter.place), empty)
        for name, value in parameters.items()
        if isinstance(parameter := empty.template.symbols.get(name), Parameter)
    }
    return replace(empty, arguments=given, variables={})


def _resources(frame: Frame) -> Iterator[dict[str, Known]]:
    for resource in frame.template.each(Resource):
        if not resource.existing:
            for body in bodies(resource, frame):
                yield _resource(resource, body)
    for inner in modules(frame):
        yield from _resources(inner)


def _resource(resource: Resource, body: Bound) -> dict[str, Known]:
    ids = Ids(possible, resource_of)
    found: dict[str, Known] = {"type": resource.kind, "apiVersion": resource.type.partition("@")[2]}
    try:
        found["name"] = "/".join(ids.names(resource, body.frame))
    except NotKnownError:
        found["name"] = Later.KNOWN
    try:
        found["id"] = ids.id(resource, body.frame)
    except NotKnownError:
        found["id"] = Later.KNOWN
    own = _known(body)
    if isinstance(own, dict):
        found |= {name: item for name, item in own.items() if name not in ENVELOPE | {"name"}}
    return found


def _known(bound: Bound) -> Known:
    values = list(possible(bound))
    if len(values) != 1:
        return Later.KNOWN
    match values[0]:
        case Scalar(value=value):
            return value
        case Record(members=members, others=False):
            return {name: _known(item) for name, item in members.items()}
        case Sequential(items=items, others=False):
            return [_known(item) for item in items]
    return Later.KNOWN
