"""Evaluation of conditional and `??` expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.bicep.expressions import Call, Conditional, Expression, Interpolated, Operation
from tools.bicep.frames import Bound, Frame
from tools.bicep.plain import Evaluate
from tools.bicep.values import Record, Scalar, Sequential, Unknown, Value


def truth_of(values: Iterable[Value]) -> set[bool]:
    """Return whether a condition of these possible values can be true, and can be false."""
    found = [value.value if isinstance(value, Scalar) else None for value in values]
    return {each for each in (True, False) if each in found or None in found}


def first_there(first: Bound, second: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the possible values of `first ?? second`."""
    found = list(evaluate(first))
    there = [value for value in found if not is_null(value)]
    yield from there
    sure = [
        value
        for value in there
        if not isinstance(value, Unknown) or isinstance(value.bound.expression, Interpolated)
    ]
    if not found or len(sure) < len(found):
        yield from evaluate(second)


def branches(written: Conditional, frame: Frame, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the possible values of `condition ? then : otherwise`."""
    condition = written.condition
    truth = truth_of(evaluate(Bound.of(condition, frame)))
    for branch, when in ((written.then, True), (written.otherwise, False)):
        for value in evaluate(Bound.of(branch, frame)) if when in truth else ():
            if not _ruled_out(value, branch, condition, when=when):
                yield value


def _ruled_out(value: Value, branch: Expression, condition: Expression, *, when: bool) -> bool:
    """Tell whether `empty(x) ? ... : x` and its like rule out that x is empty."""
    match condition:
        case Call(function="empty", arguments=(of,)):
            return not when and of == branch and _empty(value)
        case Operation(operator="!", operands=(operand,)):
            return _ruled_out(value, branch, operand, when=not when)
    return False


def _empty(value: Value) -> bool:
    match value:
        case Scalar(value=None | ""):
            return True
        case Record(members=content, others=False) | Sequential(items=content, others=False):
            return not content
    return False


def is_null(value: Value) -> bool:
    """Tell whether a value is null."""
    return isinstance(value, Scalar) and value.value is None
