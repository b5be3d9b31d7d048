"""What a template becomes for given parameters in a given place, before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.infra.bicep.deployed import bodies
from tests.infra.bicep.evaluation import possible, resource_of, rounds, truths, uses
from tests.infra.bicep.frames import Bound, Context, Frame, Tree
from tests.infra.bicep.literals import constant
from tests.infra.bicep.plain import NotKnownError
from tests.infra.bicep.resource_ids import Ids
from tests.infra.bicep.schema import ENVELOPE
from tests.infra.bicep.templates import Module, Parameter, Resource
from tests.infra.bicep.values import Record, Scalar, Sequential


class Later(Enum):
    """The value of what only a deployment knows."""

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
    """Return what the template in a file becomes."""
    empty = Frame(tree.template(path), tree, "snapshot", {}, context=context)
    given = {
        name: Bound.of(constant(value, parameter.place), empty)
        for name, value in parameters.items()
        if isinstance(parameter := empty.template.symbols.get(name), Parameter)
    }
    frame = Frame(empty.template, tree, "snapshot", given, context=context)
    return Snapshot(
        list(_resources(frame)),
        {
            name: _known(Bound.of(each.value, frame))
            for name, each in frame.template.outputs.items()
        },
    )


def _resources(frame: Frame) -> Iterator[dict[str, Known]]:
    for resource in frame.template.each(Resource):
        if not resource.existing:
            for body in bodies(resource, frame):
                if _wanted(resource, body.frame):
                    yield _resource(resource, body)
    for module in frame.template.each(Module):
        # There are no uses of a module whose file is not there.
        for outer, inner in zip(rounds(module, frame), uses(module, frame), strict=False):
            if _wanted(module, outer):
                yield from _resources(inner)


def _wanted(deployed: Resource | Module, frame: Frame) -> bool:
    condition = deployed.condition
    return condition is None or True in truths(Bound.of(condition, frame))


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
