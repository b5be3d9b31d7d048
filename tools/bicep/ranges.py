"""Ranges of numbers and of the lengths of texts, as far as the template states them.

As the compiler does, parameters are taken for what their decorators promise, not for what they are
given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.bicep.expressions import (
    Call,
    Conditional,
    Expression,
    Interpolated,
    Literal,
    Name,
    Operation,
)
from tools.bicep.templates import Parameter, Template, Variable

_HASHES = {"guid": 36, "newGuid": 36, "uniqueString": 13}
"""Functions whose results are always of one length."""

_SAME = frozenset({"toLower", "toUpper"})


@dataclass(frozen=True, slots=True)
class Range:
    """Lower and upper bound; None where there is none."""

    least: int | None = None
    most: int | None = None

    def or_(self, other: Range) -> Range:
        """Return the range of what is in this one or in the other."""
        return Range(_both(min, self.least, other.least), _both(max, self.most, other.most))

    def and_(self, other: Range) -> Range:
        """Return the range of texts of this length with others behind; nothing said is empty."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Range((self.least or 0) + (other.least or 0), most)


def _both(choose: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else choose(one, other)


def length(expression: Expression, template: Template) -> Range:
    """Return how long a text can be."""
    match expression:
        case Literal(value=str(text)):
            return Range(len(text), len(text))
        case Interpolated(parts=parts):
            whole = Range(0, 0)
            for part in parts:
                whole = whole.and_(length(part, template))
            return whole
        case Call(of=None, function=name) if name in _HASHES:
            return Range(_HASHES[name], _HASHES[name])
        case Call(of=None, function=name, arguments=(of,)) if name in _SAME:
            return length(of, template)
        case Call(of=None, function="take", arguments=(of, Literal(value=int(count)))):
            whole = length(of, template)
            return Range(
                min(whole.least or 0, count),
                count if whole.most is None else min(whole.most, count),
            )
    return _chosen(expression, template, length, ("minLength", "maxLength"))


def number(expression: Expression, template: Template) -> Range:
    """Return between what a number is."""
    match expression:
        case Literal(value=int(value)):
            return Range(value, value)
        case Call(of=None, function="max", arguments=(one, other)):
            first, second = number(one, template), number(other, template)
            known = [each for each in (first.least, second.least) if each is not None]
            return Range(max(known, default=None), _both(max, first.most, second.most))
        case Call(of=None, function="min", arguments=(one, other)):
            first, second = number(one, template), number(other, template)
            known = [each for each in (first.most, second.most) if each is not None]
            return Range(_both(min, first.least, second.least), min(known, default=None))
        case Operation(operator="+", operands=(one, other)):
            first, second = number(one, template), number(other, template)
            add = int.__add__
            return Range(_both(add, first.least, second.least), _both(add, first.most, second.most))
    return _chosen(expression, template, number, ("minValue", "maxValue"))


def _chosen(
    expression: Expression,
    template: Template,
    measure: Callable[[Expression, Template], Range],
    limits: tuple[str, str],
) -> Range:
    """Return the range of a symbol, or of what an expression chooses between."""
    match expression:
        case Conditional(then=then, otherwise=otherwise):
            return measure(then, template).or_(measure(otherwise, template))
        case Name(name=name):
            found = template.symbols.get(name)
            if isinstance(found, Variable):
                return measure(found.value, template)
            if isinstance(found, Parameter) and found.allowed:
                first, *others = (measure(each, template) for each in found.allowed)
                for each in others:
                    first = first.or_(each)
                return first
            if isinstance(found, Parameter):
                return Range(*(_limit(found, limit) for limit in limits))
    return Range()


def _limit(parameter: Parameter, name: str) -> int | None:
    match parameter.decorator(name):
        case Call(arguments=(Literal(value=int(value)),)):
            return value
    return None
