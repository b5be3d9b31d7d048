"""A preview of a deployment (what-if) tells of every resource.

It cannot know what a module will return. A resource whose name, condition, scope or loop is made of
that is left out of what it shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.deployed import frames
from tools.bicep.evaluation import iterations, possible
from tools.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Lambda,
    Member,
    Name,
    Property,
    parts,
)
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound, Frame, Tree
from tools.bicep.templates import Module, Parameter, Resource, Variable
from tools.bicep.values import Unknown

_DECIDING = ("name", "scope", "parent")
_KNOWN = frozenset({"id", "name", "type", "apiVersion"})
"""Members of a resource that a preview knows."""


def check_preview(tree: Tree) -> Iterator[Finding]:
    """Yield outputs and properties that decide which resources there are."""
    for layer in tree.layers():
        for frame in frames(layer):
            every: list[Resource | Module] = [*frame.template.each(Resource)]
            every += frame.template.each(Module)
            for each in every:
                for deciding in _deciding(each, frame):
                    for late in _late(deciding):
                        text = f"{each.name} is left out of a preview"
                        hint = "compute what decides its name, condition, scope or loop"
                        yield Finding(late.place, f"{text}: {hint} in the template")


def _deciding(declared: Resource | Module, frame: Frame) -> Iterator[Bound]:
    """Yield what the name, scope, condition and loop of a resource are made of."""
    value, rounds = declared.value, [frame]
    if isinstance(value, For):
        rounds = [inner for inner, _ in iterations(value.names, value.over, frame)]
        # How long a list is shows, if it is written out; what is in it need not.
        if not isinstance(_written(value.over, frame), Array):
            yield Bound.of(value.over, frame)
        value = value.body
    for inner in rounds:
        if isinstance(value, Conditional):
            yield Bound.of(value.condition, inner)
        for name in _DECIDING:
            given = declared.body.get(name)
            if given is not None:
                yield Bound.of(given, inner)


def _written(expression: Expression, frame: Frame) -> Expression:
    """Return what a variable is, or the expression itself."""
    match expression:
        case Name(name=name) if isinstance(found := frame.template.symbols.get(name), Variable):
            return _written(found.value, frame)
    return expression


def _late(bound: Bound) -> Iterator[Bound]:  # noqa: C901 - one case for each kind
    """Yield what a preview does not know of an expression, where it stands."""
    frame = bound.frame
    match bound.expression:
        case Member(of=Member(of=Name(name=name) | Index(of=Name(name=name)), name="outputs")) if (
            _is(Module, name, frame)
        ):
            yield bound
        case Member(of=Name(name=name) | Index(of=Name(name=name)), name=member) if (
            _is(Resource, name, frame) and name not in frame.locals
        ):
            if member not in _KNOWN:
                yield bound
        case Member(of=Name(name=name)) if name in frame.locals:
            for value in possible(bound):
                if isinstance(value, Unknown) and value.bound.expression != bound.expression:
                    yield from _late(value.bound)
        case Name(name=name):
            yield from _named(name, frame)
        case For(names=names, over=over, body=body):
            yield from _late(Bound.of(over, frame))
            yield from _late(Bound.of(body, frame.inside(dict.fromkeys(names))))
        case Lambda(names=names, body=body):
            yield from _late(Bound.of(body, frame.inside(dict.fromkeys(names))))
        case Call(function="reference"):
            yield bound
        case other:
            for part in _inside(other):
                yield from _late(Bound.of(part, frame))


def _named(name: str, frame: Frame) -> Iterator[Bound]:
    if name in frame.locals:
        item = frame.locals[name]
        if item is not None:
            yield from _late(item)
        return
    match frame.template.symbols.get(name):
        case Variable(value=value):
            yield from _late(Bound.of(value, frame))
        case Parameter() if (given := frame.arguments.get(name)) is not None:
            yield from _late(given)


def _is(kind: type[Resource | Module], name: str, frame: Frame) -> bool:
    return isinstance(frame.template.symbols.get(name), kind)


def _inside(node: Expression | Property) -> Iterator[Expression]:
    for part in parts(node):
        if isinstance(part, Property):
            yield from _inside(part)
        else:
            yield part
