"""Type checker of resources: compares assigned values with the resource types."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call, Name
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound
from tools.bicep.ranges import length, number
from tools.bicep.reads import OF_TYPE, kind
from tools.bicep.schema import ENVELOPE, Type
from tools.bicep.templates import Variable
from tools.bicep.values import Record, Scalar, Sequential, Unknown, Value
from tools.bicep.written import ANY

_SHOWN = 12
"""Names that a suggestion lists at most."""


def check(bound: Bound, expected: Type) -> Iterator[Finding]:
    """Yield the violations of every possible value of an expression, unless it is `any()`."""
    if believed(bound):
        return
    for value in possible(bound):
        yield from _check_value(value, expected)


def believed(bound: Bound) -> bool:
    """Return whether an expression is `any()`, or a variable of it: it fits every type."""
    match bound.expression:
        case Call(function="any", of=None):
            return True
        case Name(name=name) if name not in bound.frame.locals:
            found = bound.frame.template.symbols.get(name)
            outside = bound.frame.outside
            return isinstance(found, Variable) and believed(Bound.of(found.value, outside))
    return False


def check_body(bound: Bound, expected: Type) -> Iterator[Finding]:
    """Yield the violations in the body of a resource."""
    for value in possible(bound):
        if isinstance(value, Record):
            own = {name: item for name, item in value.members.items() if name not in ENVELOPE}
            yield from _check_value(replace(value, members=own), expected)


def _check_value(value: Value, expected: Type) -> Iterator[Finding]:
    found = kind(value)
    if found in {"null", ANY} or expected.kind == "AnyType":
        return
    fitting = [each for each in expected.elements if OF_TYPE.get(each.kind, found) == found]
    if not fitting:
        wanted = " or ".join(sorted({OF_TYPE[each.kind] for each in expected.elements}))
        yield Finding(value.place, f"is of kind {found}, not {wanted}: give it a {wanted}")
        return
    match value:
        case Scalar(value=str(text)):
            yield from _check_string(text, value, fitting)
        case Scalar(value=int(known)):
            yield from _check_number(known, value, fitting[0])
        case Unknown(bound=bound) if found in {"string", "int"}:
            yield from _check_range(bound, fitting[0])
        case Sequential(items=items):
            for item in items:
                yield from check(item, fitting[0].item)
        case Record() if fitting[0].kind == "DiscriminatedObjectType":
            yield from _check_variant(value, fitting[0])
        case Record():
            yield from _check_record(value, fitting[0])


def _check_string(text: str, value: Value, fitting: list[Type]) -> Iterator[Finding]:
    """Hold a string against the values that are known, even where the service may take others."""
    known = [str(each.node["value"]) for each in fitting if each.kind == "StringLiteralType"]
    if known:
        if text not in known:
            yield Finding(value.place, f"{text!r} is not a known value: {suggestion(text, known)}")
        return
    about = fitting[0].node
    least, most = about.get("minLength", 0), about.get("maxLength", len(text))
    if not text:
        return  # An empty default stands for what is not given, and is not used then.
    if not least <= len(text) <= most:
        length = f"{text!r} has {len(text)} characters: it takes {least} to {most}"
        yield Finding(value.place, length)
    elif "pattern" in about and not re.search(about["pattern"], text):
        yield Finding(value.place, f"{text!r} does not match the pattern {about['pattern']}")


def _check_range(bound: Bound, expected: Type) -> Iterator[Finding]:
    """Compare the known range of a value of the deployment with the limits."""
    if isinstance(bound.expression, Name) and bound.expression.name in bound.frame.locals:
        return
    text = expected.kind == "StringType"
    measure = length if text else number
    can = measure(bound.expression, bound.frame.template)
    least = expected.node.get("minLength" if text else "minValue")
    most = expected.node.get("maxLength" if text else "maxValue")
    unit = " characters" if text else ""
    if least is not None and can.least is not None and can.least < least:
        remedy = "@minLength" if text else "@minValue"
        yield Finding(bound.place, f"can be {can.least}{unit}, the least is {least}: add {remedy}")
    if most is not None and can.most is not None and can.most > most:
        remedy = "@maxLength" if text else "@maxValue"
        yield Finding(bound.place, f"can be {can.most}{unit}, the most is {most}: add {remedy}")


def _check_number(known: int, value: Value, expected: Type) -> Iterator[Finding]:
    least = expected.node.get("minValue", known)
    most = expected.node.get("maxValue", known)
    if not least <= known <= most:
        yield Finding(value.place, f"{known} is not between {least} and {most}: change it")


def _check_variant(value: Record, expected: Type) -> Iterator[Finding]:
    choice = value.members.get(expected.discriminator)
    if choice is None:
        names = ", ".join(sorted(expected.variants))
        yield Finding(value.place, f"{expected.discriminator} is missing: it is one of {names}")
        return
    for chosen in possible(choice):
        if not isinstance(chosen, Scalar) or not isinstance(chosen.value, str):
            continue
        variant = expected.variants.get(chosen.value)
        if variant is None:
            hint = suggestion(chosen.value, sorted(expected.variants))
            yield Finding(chosen.place, f"{chosen.value!r} is not a known value: {hint}")
        else:
            yield from _check_record(value, variant, expected)


def _check_record(value: Record, expected: Type, base: Type | None = None) -> Iterator[Finding]:
    members = {**(base.members if base else {}), **expected.members}
    for name, item in value.members.items():
        member = members.get(name)
        if member is None:
            if expected.others:
                yield from check(item, expected.others)
            else:
                hint = suggestion(name, [each for each in members if not members[each].read_only])
                yield Finding(item.place, f"there is no property {name}: {hint}")
        elif member.read_only:
            yield Finding(item.place, f"{name} is read-only: leave it out, the service sets it")
        else:
            if member.required and any(kind(each) == "null" for each in possible(item)):
                yield Finding(item.place, f"{name} can be null: it is required, give it a value")
            yield from check(item, member.type)
    if value.others:
        return
    for name, member in members.items():
        if member.required and not member.read_only and name not in value.members:
            yield Finding(value.place, f"the property {name} is missing: it is required")


def suggestion(name: str, known: list[str]) -> str:
    """Return a remedy for an unknown name: the most similar known one, or the known ones."""
    lowered: Mapping[str, str] = {each.lower(): each for each in known}
    near = lowered.get(name.lower()) or next(iter(difflib.get_close_matches(name, known, 1)), None)
    if near:
        return f"write {near}"
    shown = ", ".join(known[:_SHOWN]) + (", ..." if len(known) > _SHOWN else "")
    return f"it is one of {shown}" if known else "leave it out"
