"""Identity of resources: a text for each, equal wherever the same resource is meant."""

from __future__ import annotations

from tools.bicep.evaluation import outputs, possible, resource_of
from tools.bicep.expressions import (
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
from tools.bicep.frames import Bound, Frame
from tools.bicep.resource_ids import Ids
from tools.bicep.templates import Parameter, Resource, Variable
from tools.bicep.values import Record, Unknown


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
            return canonical(Bound.of(value, frame.outside))
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
    return Ids(possible, resource_of).parent(resource, frame)
