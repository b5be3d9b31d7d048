"""Which resource is which: a text for each, equal wherever the same one is meant."""

from __future__ import annotations

from tests.infra.bicep.evaluation import iterations, outputs, possible
from tests.infra.bicep.expressions import (
    Call,
    Conditional,
    Expression,
    Index,
    Interpolated,
    Literal,
    Member,
    Name,
    Operation,
)
from tests.infra.bicep.frames import Bound, Frame
from tests.infra.bicep.templates import Parameter, Resource, Variable
from tests.infra.bicep.values import Record, Scalar, Unknown


def canonical(bound: Bound) -> str:
    """Return a text that is the same for two expressions that are always equal."""
    frame = bound.frame

    def text(expression: Expression) -> str:
        return canonical(Bound.of(expression, frame))

    match bound.expression:
        case Literal(value=value):
            made = str(value)
        case Interpolated(parts=parts):
            made = "".join(text(part) for part in parts)
        case Call(of=of, function=function, arguments=arguments):
            prefix = f"{text(of)}." if of else ""
            made = f"{prefix}{function}({', '.join(text(each) for each in arguments)})"
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            made = f"({text(condition)} ? {text(then)} : {text(otherwise)})"
        case Operation(operator=operator, operands=operands):
            made = f"{operator}({', '.join(text(each) for each in operands)})"
        case Name(name=name):
            made = _symbol(name, frame)
        case Member(of=of, name=name):
            made = _member(Bound.of(of, frame), name)
        case Index(of=of, index=index):
            made = f"{text(of)}[{text(index)}]"
        case other:
            made = f"{type(other).__name__} at {bound.place}"
    return made


def _symbol(name: str, frame: Frame) -> str:
    if name in frame.locals:
        item = frame.locals[name]
        return canonical(item) if item else f"each {name}"
    match frame.template.symbols.get(name):
        case Variable(value=value):
            return canonical(Bound.of(value, frame))
        case Parameter(default=default):
            given = frame.arguments.get(name)
            if given is None and not frame.layer and default is not None:
                given = Bound.of(default, frame)
            return canonical(given) if given else f"parameter {name}"
        case Resource() as resource:
            return identity(resource, frame)
    return f"{frame.name}/{name}"


def _member(of: Bound, name: str) -> str:
    if name == "name" and (found := resource_of(of)) and (own := found[0].body.get("name")):
        return canonical(Bound.of(own, found[1]))
    values = list(possible(of))
    if len(values) == 1:
        match values[0]:
            case Record(members=members) if name in members:
                return canonical(members[name])
            case Unknown(bound=Bound(expression=expression, frame=frame)):
                for output in outputs(expression, name, frame):
                    return canonical(output)
    return f"{canonical(of)}.{name}"


def identity(resource: Resource, frame: Frame) -> str:
    """Return a text that is the same for a resource and for those that refer to it as existing."""
    name = resource.body.get("name")
    text = canonical(Bound.of(name, frame)) if name else "no name"
    above = parent(resource, frame)
    if above is None:
        return f"{resource.kind}({text})"
    return f"{identity(*above)}/{resource.kind.rpartition('/')[2]}({text})"


def parent(resource: Resource, frame: Frame) -> tuple[Resource, Frame] | None:
    """Return the resource that one is a child of, by nesting or by `parent`."""
    if resource.parent:
        above = frame.template.symbols.get(resource.parent)
        return (above, frame) if isinstance(above, Resource) else None
    given = resource.body.get("parent")
    return resource_of(Bound.of(given, frame)) if given else None


def resource_of(bound: Bound) -> tuple[Resource, Frame] | None:
    """Return the resource that an expression is, or one of its loop's, with its frame."""
    match bound.expression:
        case Name(name=name) | Index(of=Name(name=name)):
            found = bound.frame.template.symbols.get(name)
            if isinstance(found, Resource) and name not in bound.frame.locals:
                return found, _round(found, bound)
    return None


def _round(resource: Resource, bound: Bound) -> Frame:
    """Return the frame of the round that an index means."""
    if resource.loop and isinstance(bound.expression, Index):
        index = [
            value.value
            for value in possible(Bound.of(bound.expression.index, bound.frame))
            if isinstance(value, Scalar) and isinstance(value.value, int)
        ]
        rounds = list(iterations(resource.loop.names, resource.loop.over, bound.frame))
        if len(index) == 1 and index[0] < len(rounds):
            return rounds[index[0]][0]
    return bound.frame
