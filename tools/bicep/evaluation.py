"""Partial evaluation of expressions: their possible values, as far as known before a deployment.

Both branches of a condition are possible. Parameters of a module are what is given to it; those of
a layer are their default or one of the allowed values, or else unknown. Where all parameters and
the place of the deployment are given, hardly more than one value is left.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tools.bicep.calls import called
from tools.bicep.choices import branches, first_there, is_null, truth_of
from tools.bicep.constants import as_text
from tools.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Interpolated,
    Lambda,
    Literal,
    Member,
    Name,
    Object,
    Operation,
)
from tools.bicep.frames import Bound, Frame
from tools.bicep.operators import operation, text
from tools.bicep.plain import NotKnownError
from tools.bicep.resource_ids import Ids
from tools.bicep.templates import Module, Parameter, Resource, Variable
from tools.bicep.values import MOST, Record, Scalar, Sequential, Unknown, Value


def possible(bound: Bound) -> Iterator[Value]:  # noqa: C901, PLR0912 - one case for each kind
    """Yield the values that an expression can have."""
    frame, place = bound.frame, bound.place
    match bound.expression:
        case Literal(value=value):
            yield Scalar(value, place)
        case Object() as composed:
            yield from _object(composed, frame)
        case Array(items=items):
            yield Sequential([Bound.of(item, frame) for item in items], others=False, place=place)
        case For(names=names, over=over, body=body):
            yield _loop(names, over, body, frame)
        case Conditional() as choice:
            yield from branches(choice, frame, possible)
        case Operation(operator="??", operands=(first, second)):
            yield from first_there(Bound.of(first, frame), Bound.of(second, frame), possible)
        case Operation(operator="x!", operands=(operand,)):
            yield from (each for each in possible(Bound.of(operand, frame)) if not is_null(each))
        case Operation() as written:
            yield from operation(written, bound, possible)
        case Interpolated(parts=parts):
            yield from text(parts, bound, possible)
        case Name(name=name):
            yield from _named(name, bound)
        case Member(of=of, name=name):
            for above in possible(Bound.of(of, frame)):
                yield from _member(above, name, bound)
        case Index(of=of) as index:
            for above in possible(Bound.of(of, frame)):
                yield from _item(above, index, bound)
        case Call():
            yield from called(bound, possible)
        case Lambda():
            yield Unknown(bound)


def truths(bound: Bound) -> set[bool]:
    """Return whether a condition can be true, and whether it can be false."""
    return truth_of(possible(bound))


def strings(bound: Bound) -> set[str]:
    """Return the strings that an expression can be."""
    return {
        value.value
        for value in possible(bound)
        if isinstance(value, Scalar) and isinstance(value.value, str)
    }


def iterations(
    names: Sequence[str], over: Expression, frame: Frame
) -> Iterator[tuple[Frame, bool]]:
    """Yield the frame of each round of a loop, and whether it only stands for unknown ones.

    Where a loop may run over one list or over another, the index counts on.
    """
    numbers = itertools.count()
    for value in possible(Bound.of(over, frame)):
        items: Sequence[Bound] = value.items if isinstance(value, Sequential) else ()
        others = value.others if isinstance(value, Sequential) else True
        known: Sequence[Bound | None] = items or ([None] if others else [])
        for item in known:
            index = Bound.of(Literal(next(numbers), place=over.place), frame)
            rest = dict.fromkeys(names[1:], None if item is None else index)
            yield frame.inside({names[0]: item, **rest}), others


def _loop(names: Sequence[str], over: Expression, body: Expression, frame: Frame) -> Value:
    every = list(iterations(names, over, frame))
    items = [Bound.of(body, inner) for inner, _ in every]
    return Sequential(items, others=any(unknown for _, unknown in every), place=body.place)


def _object(written: Object, frame: Frame) -> Iterator[Value]:
    """Yield an object for each of the names that its computed members can have."""
    members: list[list[tuple[str, Bound] | None]] = []
    for each in written.properties:
        item = Bound.of(each.value, frame, each.place)
        if isinstance(each.key, str):
            members.append([(each.key, item)])
        else:
            keys = list(possible(Bound.of(each.key, frame)))
            members.append(
                [(as_text(key.value), item) if isinstance(key, Scalar) else None for key in keys]
            )
    for chosen in itertools.islice(itertools.product(*members), MOST):
        there = dict(pair for pair in chosen if pair is not None)
        yield Record(there, others=None in chosen, place=written.place)


def _named(name: str, bound: Bound) -> Iterator[Value]:
    frame = bound.frame
    if name in frame.locals:
        item = frame.locals[name]
        yield from possible(item) if item else [Unknown(bound)]
        return
    match frame.template.symbols.get(name):
        case Variable(value=value):
            if name not in frame.variables:
                frame.variables[name] = tuple(possible(Bound.of(value, frame.outside)))
            yield from frame.variables[name]
        case Parameter() as parameter:
            yield from _parameter(parameter, bound)
        case Module() as module if module.condition and module.loop is None:
            truth = truths(Bound.of(module.condition, frame.outside))
            yield Scalar(None, bound.place) if truth == {False} else Unknown(bound)
        case _:
            yield Unknown(bound)


def _parameter(parameter: Parameter, bound: Bound) -> Iterator[Value]:
    frame = bound.frame
    given = frame.arguments.get(parameter.name)
    if given is not None:
        yield from possible(given)
        return
    free = frame.layer and frame.context is None
    if parameter.allowed and free:
        for item in parameter.allowed:
            yield from possible(Bound.of(item, frame.outside))
    elif parameter.default is not None:
        yield from possible(Bound.of(parameter.default, frame.outside))
    elif parameter.type.nullable:
        yield Scalar(None, bound.place)
    if free and not parameter.allowed:
        yield Unknown(bound)


def _member(value: Value, name: str, read: Bound) -> Iterator[Value]:
    match value:
        case Record(members=members) if name in members:
            yield from possible(members[name])
        case Record(others=True):
            yield Unknown(read)
        case Record() | Scalar(value=None):
            if is_null(value) or (
                isinstance(read.expression, Member | Index) and read.expression.safe
            ):
                yield Scalar(None, read.place)
        case Unknown(bound=Bound(expression=expression, frame=frame)):
            found = list(outputs(expression, name, frame))
            for output in found:
                yield from possible(output)
            if not found:
                yield _of_resource(Member(expression, name, place=read.place), frame)


def _of_resource(read: Member, frame: Frame) -> Value:
    """Return a property of a resource, if it is known before the deployment."""
    found = resource_of(Bound.of(read.of, frame))
    if found:
        with contextlib.suppress(NotKnownError):
            return Scalar(Ids(possible, resource_of).fact(*found, read.name), read.place)
    return Unknown(Bound.of(read, frame))


def _item(value: Value, read: Index, bound: Bound) -> Iterator[Value]:
    index = Bound.of(read.index, bound.frame)
    chosen = [each.value for each in possible(index) if isinstance(each, Scalar)]
    match value:
        case Sequential(items=items, others=False) if chosen:
            yield from _at(items, chosen, read)
        case Record() if chosen:
            for name in chosen:
                yield from _member(value, str(name), bound)
        case Sequential(items=items) | Record(members=items):
            for item in items.values() if isinstance(items, Mapping) else items:
                yield from possible(item)
            if value.others:
                yield Unknown(bound)
        case Scalar(value=None):
            yield value
        case Unknown(bound=Bound(expression=expression, frame=frame)):
            known = Literal(chosen[0], place=read.place) if len(chosen) == 1 else read.index
            yield Unknown(Bound.of(replace(read, of=expression, index=known), frame))


def _at(items: Sequence[Bound], chosen: Sequence[object], read: Index) -> Iterator[Value]:
    for number in chosen:
        if type(number) is int:
            at = len(items) - number if read.last else number
            if 0 <= at < len(items):
                yield from possible(items[at])
            elif read.safe:
                yield Scalar(None, read.place)


def outputs(of: Expression, name: str, frame: Frame) -> Iterator[Bound]:
    """Yield the expression of `module.outputs.name`, for each use of the module."""
    match of:
        case Member(
            of=(Name(name=symbol) | Index(of=Name(name=symbol))) as used, name="outputs"
        ) if isinstance(module := frame.template.symbols.get(symbol), Module):
            inside = list(uses(module, frame.outside))
            if isinstance(used, Index):
                numbers = _numbers(Bound.of(used.index, frame))
                chosen = [inside[each] for each in numbers if 0 <= each < len(inside)]
                inside = chosen or inside
            for inner in inside:
                if output := inner.template.outputs.get(name):
                    yield Bound.of(output.value, inner)


def uses(module: Module, frame: Frame) -> Iterator[Frame]:
    """Yield the frames of a module: one, or in a loop one for each round."""
    if not module.source.is_file():
        return
    template = frame.tree.template(module.source)
    for number, outer in enumerate(rounds(module, frame)):
        yield Frame(
            template,
            frame.tree,
            f"{frame.name}/{module.name}" + (f"[{number}]" if module.loop else ""),
            {name: Bound.of(value, outer) for name, value in module.arguments.items()},
            context=Ids(possible, resource_of).context(module, outer),
        )


def rounds(deployed: Resource | Module, frame: Frame) -> Iterator[Frame]:
    """Yield the frames of what is deployed: one, or in a loop one for each round."""
    if deployed.loop is None:
        yield frame
        return
    for inner, _ in iterations(deployed.loop.names, deployed.loop.over, frame):
        yield inner


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
        index = _numbers(Bound.of(bound.expression.index, bound.frame))
        every = list(rounds(resource, bound.frame.outside))
        if len(index) == 1 and index[0] < len(every):
            return every[index[0]]
    return bound.frame


def _numbers(bound: Bound) -> list[int]:
    return [
        value.value
        for value in possible(bound)
        if isinstance(value, Scalar) and type(value.value) is int
    ]
