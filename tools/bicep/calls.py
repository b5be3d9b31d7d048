"""Evaluation of function calls: all their possible values."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tools.bicep.arguments import Function, Given
from tools.bicep.constants import CONSTANT
from tools.bicep.expressions import Call, Member, Name
from tools.bicep.frames import Bound
from tools.bicep.lists import LISTS
from tools.bicep.objects import OBJECTS
from tools.bicep.places import PLACES
from tools.bicep.plain import Evaluate, NotKnownError
from tools.bicep.values import MOST, Scalar, Sequential, Unknown, Value

_WRONG = (NotKnownError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
"""What Python raises where a function is given something that it does not take."""


def called(bound: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the values that a call can have."""
    call, frame = bound.expression, bound.frame
    if not isinstance(call, Call):
        raise TypeError(type(call).__name__)
    loaded = frame.tree.content(call, texts=frame.context is not None)
    if loaded is not None:
        yield from evaluate(Bound.of(loaded, frame, bound.place))
        return
    match call:
        case Call(of=None, function="any", arguments=(of,)):
            yield from evaluate(Bound.of(of, frame))
        case Call(of=None, function="nameof", arguments=(Name(name=name) | Member(name=name),)):
            yield Scalar(name, bound.place)
        case Call(of=None, function="first" | "last" as which, arguments=(of,)):
            for value in evaluate(Bound.of(of, frame)):
                yield from _end(value, which, bound, evaluate)
        case Call(of=None, function=name) if name in _FUNCTIONS:
            yield from _every(_FUNCTIONS[name], call, bound, evaluate)
        case _:
            yield Unknown(bound)


def _every(function: Function, call: Call, bound: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the results of a function for each combination of possible arguments."""
    every = [list(evaluate(Bound.of(each, bound.frame))) for each in call.arguments]
    combinations = list(itertools.islice(itertools.product(*every), MOST + 1))
    unknown = len(combinations) > MOST
    scalars: dict[tuple[type, object], Value] = {}
    for chosen in combinations[:MOST]:
        try:
            value = function(Given(chosen, bound, evaluate))
        except _WRONG:
            unknown = True
            continue
        if isinstance(value, Scalar):
            scalars[type(value.value), value.value] = value
        else:
            yield value
    yield from scalars.values()
    if unknown:
        yield Unknown(bound)


def _end(value: Value, which: str, bound: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the first or the last item of a list."""
    match value:
        case Sequential(items=items, others=False):
            if items:
                yield from evaluate(items[0 if which == "first" else -1])
            else:
                yield Scalar(None, bound.place)
        case Scalar(value=str(text)):
            yield Scalar(text[:1] if which == "first" else text[-1:], bound.place)
        case Unknown(bound=Bound(expression=expression, frame=frame)):
            yield Unknown(Bound.of(Call(None, which, (expression,), place=bound.place), frame))
        case _:
            yield Unknown(bound)


def _constant(name: str) -> Function:
    def function(given: Given) -> Value:
        made = CONSTANT[name](*(given.plain(number) for number in range(len(given.values))))
        if isinstance(made, float):
            raise NotKnownError
        (value,) = given.evaluate(given.item(made))
        return value

    return function


_FUNCTIONS = {**{name: _constant(name) for name in CONSTANT}, **LISTS, **OBJECTS, **PLACES}
