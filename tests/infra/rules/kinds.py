"""Conditions, operators, functions and outputs get values of the kinds that they take."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.assignments import believed
from tools.bicep.deployed import frames
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call, Conditional, Lambda, Operation
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound, Frame, Tree
from tools.bicep.functions import ANYTHING, FUNCTIONS, Argument
from tools.bicep.reads import kind
from tools.bicep.templates import Parameter
from tools.bicep.values import Scalar, Sequential
from tools.bicep.visits import everything
from tools.bicep.written import ANY, WrittenType

_OPERATORS = {
    **dict.fromkeys(("+", "-", "*", "/", "%"), frozenset({"int"})),
    **dict.fromkeys(("&&", "||", "!"), frozenset({"bool"})),
    **dict.fromkeys(("<", ">", "<=", ">="), frozenset({"int", "string"})),
    **dict.fromkeys(("=~", "!~"), frozenset({"string"})),
}


def check_kinds(tree: Tree) -> Iterator[Finding]:
    """Yield values of a kind that is not taken where they are."""
    for layer in tree.layers():
        for frame in frames(layer):
            yield from _declared(frame)
            for bound in everything(frame):
                yield from _within(bound)


def _declared(frame: Frame) -> Iterator[Finding]:
    for output in frame.template.outputs.values():
        bound = Bound.of(output.value, frame)
        yield from _fits(f"the output {output.name}", bound, output.type)
    for parameter in frame.template.each(Parameter):
        if parameter.default is not None:
            bound = Bound.of(parameter.default, frame)
            yield from _fits(f"the parameter {parameter.name}", bound, parameter.type)
            yield from _allowed(parameter, bound)


def _fits(what: str, bound: Bound, written: WrittenType) -> Iterator[Finding]:
    wanted = frozenset({ANYTHING if written.kind == ANY else written.kind})
    yield from _check(what, bound, wanted)
    for value in possible(bound):
        if isinstance(value, Sequential) and written.items and not value.others:
            count = len(written.items)
            if len(value.items) != count:
                yield Finding(value.place, f"{what} has {len(value.items)} items, not {count}")
        if isinstance(value, Scalar) and written.choices and value.value not in written.choices:
            shown = ", ".join(map(str, written.choices))
            yield Finding(value.place, f"{what} is {value.value!r}, not one of {shown}")


def _allowed(parameter: Parameter, bound: Bound) -> Iterator[Finding]:
    allowed = [
        value.value
        for item in parameter.allowed or ()
        for value in possible(Bound.of(item, bound.frame))
        if isinstance(value, Scalar)
    ]
    for value in possible(bound):
        if allowed and isinstance(value, Scalar) and value.value not in allowed:
            shown = ", ".join(map(str, allowed))
            text = f"the default {value.value!r} of {parameter.name} is not allowed"
            yield Finding(value.place, f"{text}: it is one of {shown}")


def _within(bound: Bound) -> Iterator[Finding]:
    frame = bound.frame
    match bound.expression:
        case Conditional(condition=condition):
            yield from _check("a condition", Bound.of(condition, frame), frozenset({"bool"}))
        case Operation(operator=operator, operands=operands) if operator in _OPERATORS:
            for operand in operands:
                yield from _check(operator, Bound.of(operand, frame), _OPERATORS[operator])
        case Call(of=None, function=name) as call if name in FUNCTIONS:
            yield from _call(call, FUNCTIONS[name], frame)


def _call(call: Call, taken: tuple[Argument, ...], frame: Frame) -> Iterator[Finding]:
    least = sum(not (each.optional or each.repeated) for each in taken)
    endless = bool(taken) and taken[-1].repeated
    given = call.arguments
    if len(given) < least or (len(given) > len(taken) and not endless):
        most = " or more" if endless else f" to {len(taken)}" if least < len(taken) else ""
        text = f"{call.function}() takes {least}{most} arguments, not {len(given)}"
        yield Finding(call.place, f"{text}: correct them")
        return
    for number, expression in enumerate(given):
        argument = taken[min(number, len(taken) - 1)]
        bound = Bound.of(expression, frame)
        what = f"argument {number + 1} of {call.function}()"
        if argument.names or isinstance(expression, Lambda):
            yield from _lambda(what, bound, argument)
        else:
            yield from _check(what, bound, argument.kinds)
    if call.function == "flatten":
        for value in possible(Bound.of(given[0], frame)):
            for item in value.items if isinstance(value, Sequential) else ():
                yield from _check("an item for flatten()", item, frozenset({"array"}))


def _lambda(what: str, bound: Bound, argument: Argument) -> Iterator[Finding]:
    function = bound.expression
    if not argument.names or not isinstance(function, Lambda):
        wanted = "a lambda" if argument.names else "no lambda"
        yield Finding(bound.place, f"{what} has to be {wanted}")
    elif len(function.names) > argument.names:
        yield Finding(bound.place, f"{what} has at most {argument.names} names")
    else:
        inner = bound.frame.inside(dict.fromkeys(function.names))
        yield from _check(f"what {what} returns", Bound.of(function.body, inner), argument.kinds)


def _check(what: str, bound: Bound, wanted: frozenset[str]) -> Iterator[Finding]:
    if ANYTHING in wanted or believed(bound):
        return
    for value in possible(bound):
        found = kind(value)
        if found not in wanted | {ANY, "null"}:
            shown = " or ".join(sorted(wanted - {"null"}))
            yield Finding(bound.place, f"{what} is of kind {found}, not {shown}: give it {shown}")
