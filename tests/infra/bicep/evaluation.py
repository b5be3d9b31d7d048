"""What an expression can be, as far as that can be known without deploying anything.

Both branches of a condition are possible. Parameters of a module are what is given to it; those of
a layer are their default or one of the allowed values, or else unknown.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.infra.bicep.expressions import (
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
    Property,
)
from tests.infra.bicep.frames import Bound, Frame
from tests.infra.bicep.templates import Module, Parameter, Variable
from tests.infra.bicep.values import Record, Scalar, Sequential, Unknown, Value

_MOST = 64
"""Combinations of possible values that are looked at; more differ in nothing new."""


def possible(bound: Bound) -> Iterator[Value]:  # noqa: C901, PLR0912 - one case for each kind
    """Yield the values that an expression can have."""
    frame, place = bound.frame, bound.place
    match bound.expression:
        case Literal(value=value):
            yield Scalar(value, place)
        case Object(properties=properties):
            members = {
                each.key: Bound.of(each.value, frame, each.place)
                for each in properties
                if isinstance(each.key, str)
            }
            yield Record(members, len(members) < len(properties), bound.expression.place)
        case Array(items=items):
            yield Sequential([Bound.of(item, frame) for item in items], others=False, place=place)
        case For(names=names, over=over, body=body):
            yield from _loop(names, over, body, frame)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            yield from _branches(condition, then, otherwise, frame)
        case Operation(operator="??", operands=(first, second)):
            yield from _first_there(Bound.of(first, frame), Bound.of(second, frame))
        case Name(name=name):
            yield from _named(name, bound)
        case Member(of=of, name=name):
            for above in possible(Bound.of(of, frame)):
                yield from _member(above, name, bound)
        case Index(of=of, index=index):
            for above in possible(Bound.of(of, frame)):
                yield from _item(above, Bound.of(index, frame), bound)
        case Call() as call:
            yield from _call(call, bound)
        case Interpolated() | Lambda() | Operation():
            yield Unknown(bound)


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


def _loop(
    names: Sequence[str], over: Expression, body: Expression, frame: Frame
) -> Iterator[Value]:
    rounds = list(iterations(names, over, frame))
    items = [Bound.of(body, inner) for inner, _ in rounds]
    yield Sequential(items, others=any(unknown for _, unknown in rounds), place=body.place)


def _named(name: str, bound: Bound) -> Iterator[Value]:
    frame = bound.frame
    if name in frame.locals:
        item = frame.locals[name]
        yield from possible(item) if item else [Unknown(bound)]
        return
    match frame.template.symbols.get(name):
        case Variable(value=value):
            yield from possible(Bound.of(value, frame))
        case Parameter() as parameter:
            yield from _parameter(parameter, bound)
        case _:
            yield Unknown(bound)


def _parameter(parameter: Parameter, bound: Bound) -> Iterator[Value]:
    frame = bound.frame
    given = frame.arguments.get(parameter.name)
    if given is not None:
        yield from possible(given)
        return
    if parameter.allowed:
        for item in parameter.allowed:
            yield from possible(Bound.of(item, frame))
    elif parameter.default is not None:
        yield from possible(Bound.of(parameter.default, frame))
    if frame.layer and not parameter.allowed:
        yield Unknown(bound)


def _member(value: Value, name: str, read: Bound) -> Iterator[Value]:
    match value:
        case Record(members=members) if name in members:
            yield from possible(members[name])
        case Record(others=True):
            yield Unknown(read)
        case Unknown(bound=Bound(expression=expression, frame=frame)):
            found = list(outputs(expression, name, frame))
            for output in found:
                yield from possible(output)
            if not found:
                yield Unknown(Bound.of(Member(expression, name, place=read.place), frame))


def outputs(of: Expression, name: str, frame: Frame) -> Iterator[Bound]:
    """Yield what `module.outputs.name` is, in each of the module's uses."""
    match of:
        case Member(of=Name(name=symbol) | Index(of=Name(name=symbol)), name="outputs") if (
            isinstance(module := frame.template.symbols.get(symbol), Module)
        ):
            for inner in uses(module, frame):
                if output := inner.template.outputs.get(name):
                    yield Bound.of(output.value, inner)


def uses(module: Module, frame: Frame) -> Iterator[Frame]:
    """Yield the frames of a module: one, or in a loop one for each round."""
    if not module.source.is_file():
        return
    template = frame.tree.template(module.source)
    rounds = [(frame, False)]
    if module.loop:
        rounds = list(iterations(module.loop.names, module.loop.over, frame))
    for number, (outer, _) in enumerate(rounds):
        yield Frame(
            template,
            frame.tree,
            f"{frame.name}/{module.name}" + (f"[{number}]" if module.loop else ""),
            {name: Bound.of(value, outer) for name, value in module.arguments.items()},
        )


def _item(value: Value, index: Bound, read: Bound) -> Iterator[Value]:  # noqa: C901 - likewise
    chosen = [each.value for each in possible(index) if isinstance(each, Scalar)]
    match value:
        case Sequential(items=items, others=False) if chosen:
            for number in chosen:
                if isinstance(number, int) and number < len(items):
                    yield from possible(items[number])
        case Sequential(items=items):
            for item in items:
                yield from possible(item)
        case Record() if chosen:
            for name in chosen:
                yield from _member(value, str(name), read)
        case Record(members=members):
            for item in members.values():
                yield from possible(item)
        case Unknown(bound=Bound(expression=expression, frame=frame)):
            yield Unknown(Bound.of(Index(expression, index.expression, place=read.place), frame))


def _first_there(first: Bound, second: Bound) -> Iterator[Value]:
    """Yield what `first ?? second` can be."""
    found = list(possible(first))
    there = [value for value in found if not (isinstance(value, Scalar) and value.value is None)]
    yield from there
    sure = [
        value
        for value in there
        if not isinstance(value, Unknown) or isinstance(value.bound.expression, Interpolated)
    ]
    if not found or len(sure) < len(found):
        yield from possible(second)


def _branches(
    condition: Expression, then: Expression, otherwise: Expression, frame: Frame
) -> Iterator[Value]:
    truth = truths(Bound.of(condition, frame))
    for branch, when in ((then, True), (otherwise, False)):
        for value in possible(Bound.of(branch, frame)) if when in truth else ():
            if not _ruled_out(value, branch, condition, when=when):
                yield value


def _ruled_out(value: Value, branch: Expression, condition: Expression, *, when: bool) -> bool:
    """Tell whether `empty(x) ? ... : x` and its like rule out that x is empty."""
    match condition:
        case Call(function="empty", arguments=(of,)):
            return not when and of == branch and _empty(value) == {True}
        case Operation(operator="!", operands=(operand,)):
            return _ruled_out(value, branch, operand, when=not when)
    return False


def truths(bound: Bound) -> set[bool]:
    """Return whether a condition can be true, and whether it can be false."""
    frame = bound.frame
    match bound.expression:
        case Literal(value=bool(value)):
            return {value}
        case Operation(operator="!", operands=(operand,)):
            return {not each for each in truths(Bound.of(operand, frame))}
        case Call(function="contains", arguments=(of, name)):
            containers = list(possible(Bound.of(of, frame)))
            names = list(possible(Bound.of(name, frame)))
            pairs = itertools.product(containers, names)
            return set(itertools.chain.from_iterable(_contains(*pair) for pair in pairs))
        case Call(function="empty", arguments=(of,)):
            found = list(possible(Bound.of(of, frame)))
            return set(itertools.chain.from_iterable(map(_empty, found))) if found else {True}
    return {True, False}


def _contains(container: Value, name: Value) -> set[bool]:
    match container, name:
        case Record(members=members, others=others), Scalar(value=str(text)):
            return {True} if text in members else {False, others}
    return {True, False}


def _empty(value: Value) -> set[bool]:
    match value:
        case Scalar(value=scalar):
            return {not scalar}
        case Record(members=content, others=others) | Sequential(items=content, others=others):
            return {True, False} if others and not content else {not content}
    return {True, False}


def _call(call: Call, bound: Bound) -> Iterator[Value]:
    frame = bound.frame
    loaded = frame.tree.content(call)
    if loaded is not None:
        yield from possible(Bound.of(loaded, frame, bound.place))
        return
    match call:
        case Call(function="union" | "shallowMerge" | "concat", arguments=arguments):
            every = [list(possible(Bound.of(each, frame))) for each in arguments]
            for chosen in itertools.islice(itertools.product(*every), _MOST):
                yield _joined(chosen, bound)
        case Call(function="any", arguments=(of,)):
            yield from possible(Bound.of(of, frame))
        case Call(function="map", arguments=(over, Lambda(names=names, body=body))):
            yield from _loop(names, over, body, frame)
        case Call(function=function, arguments=(over, *lambdas)) if function in _OF_ONE:
            for value in possible(Bound.of(over, frame)):
                yield _OF_ONE[function](value, lambdas, bound)
        case _:
            yield Unknown(bound)


def _joined(values: Sequence[Value], bound: Bound) -> Value:
    known = [value for value in values if not isinstance(value, Unknown)]
    others = len(known) < len(values)
    if known and all(isinstance(value, Record) for value in known):
        records = [value for value in known if isinstance(value, Record)]
        members = {name: item for each in records for name, item in each.members.items()}
        return Record(members, others or any(each.others for each in records), bound.place)
    if known and all(isinstance(value, Sequential) for value in known):
        sequences = [value for value in known if isinstance(value, Sequential)]
        items = [item for each in sequences for item in each.items]
        return Sequential(items, others or any(each.others for each in sequences), bound.place)
    return Unknown(bound)


def _items(value: Value, _: Sequence[Expression], bound: Bound) -> Value:
    """Return what items() makes of an object: its members in alphabetical order."""
    if not isinstance(value, Record):
        return Unknown(bound)
    pairs = []
    for key, item in sorted(value.members.items()):
        # The member is looked up as a local of the pair's, because it has a frame of its own.
        inner = bound.frame.inside({"value": item})
        pair = (
            Property("key", Literal(key, place=bound.place), place=bound.place),
            Property("value", Name("value", place=bound.place), place=bound.place),
        )
        pairs.append(Bound.of(Object(pair, place=bound.place), inner))
    return Sequential(pairs, others=value.others, place=bound.place)


def _keys(value: Value, _: Sequence[Expression], bound: Bound) -> Value:
    """Return what objectKeys() makes of an object."""
    if not isinstance(value, Record):
        return Unknown(bound)
    keys = [Literal(key, place=bound.place) for key in sorted(value.members)]
    items = [Bound.of(key, bound.frame) for key in keys]
    return Sequential(items, others=value.others, place=bound.place)


def _filtered(value: Value, lambdas: Sequence[Expression], bound: Bound) -> Value:
    """Return what filter() leaves of a list; what it may leave or not, it leaves."""
    if not isinstance(value, Sequential):
        return Unknown(bound)
    truth = [truths(_applied(lambdas[0], item, bound)) for item in value.items]
    kept = [item for item, can in zip(value.items, truth, strict=True) if True in can]
    unsure = value.others or any(len(can) > 1 for can in truth)
    return Sequential(kept, others=unsure, place=bound.place)


def _to_object(value: Value, lambdas: Sequence[Expression], bound: Bound) -> Value:
    """Return what toObject() makes of a list: a member of each item."""
    if not isinstance(value, Sequential):
        return Unknown(bound)
    members = {
        key: _applied(lambdas[-1], item, bound) if len(lambdas) > 1 else item
        for item in value.items
        for key in strings(_applied(lambdas[0], item, bound))
    }
    return Record(members, value.others or len(members) < len(value.items), bound.place)


def _applied(function: Expression, item: Bound, bound: Bound) -> Bound:
    assert isinstance(function, Lambda), bound.place
    return Bound.of(function.body, bound.frame.inside({function.names[0]: item}))


_OF_ONE: Mapping[str, Callable[[Value, Sequence[Expression], Bound], Value]] = {
    "items": _items,
    "objectKeys": _keys,
    "filter": _filtered,
    "toObject": _to_object,
}
"""Functions of one list or object, with the lambdas that some take."""
