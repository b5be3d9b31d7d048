"""Functions that build lists, or search them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cmp_to_key

from tools.bicep.arguments import Function, Given
from tools.bicep.frames import Bound
from tools.bicep.plain import NotKnownError
from tools.bicep.values import Record, Scalar, Sequential, Value


def _numbered(given: Given, items: Sequence[Bound]) -> Iterator[tuple[Bound, Bound]]:
    return ((item, given.item(number)) for number, item in enumerate(items))


def _list(given: Given, number: int = 0) -> Sequential:
    value = given.values[number]
    if not isinstance(value, Sequential):
        raise NotKnownError
    return value


def _mapped(given: Given) -> Value:
    over = _list(given)
    items = [given.applied(1, *pair) for pair in _numbered(given, over.items)]
    return Sequential(items, others=over.others, place=given.bound.place)


def _filtered(given: Given) -> Value:
    """Apply filter() to a list; items for which the condition is unknown stay as possible items."""
    over = _list(given)
    kept, unsure = [], over.others
    for item, number in _numbered(given, over.items):
        found = list(given.evaluate(given.applied(1, item, number)))
        truth = {each.value if isinstance(each, Scalar) else None for each in found}
        if truth != {False}:
            kept.append(item)
            unsure = unsure or truth != {True}
    return Sequential(kept, others=unsure, place=given.bound.place)


def _concatenated(given: Given) -> Value:
    """Return a list of lists, with what is known of those that are not all known."""
    known = [each for each in given.values if isinstance(each, Sequential)]
    if not known or any(isinstance(each, Scalar | Record) for each in given.values):
        raise NotKnownError
    others = len(known) < len(given.values) or any(each.others for each in known)
    items = [item for each in known for item in each.items]
    return Sequential(items, others=others, place=given.bound.place)


def _flattened(given: Given) -> Value:
    over = _list(given)
    items: list[Bound] = []
    others = over.others
    for item in over.items:
        found = list(given.evaluate(item))
        for inner in found:
            items += inner.items if isinstance(inner, Sequential) else ()
            others = others or not isinstance(inner, Sequential) or inner.others
        others = others or len(found) != 1
    return Sequential(items, others=others, place=given.bound.place)


def _sorted(given: Given) -> Value:
    over = _list(given)
    if over.others:
        raise NotKnownError

    def compare(one: Bound, other: Bound) -> int:
        before = given.only(given.applied(1, one, other))
        after = given.only(given.applied(1, other, one))
        return bool(after) - bool(before)

    items = sorted(over.items, key=cmp_to_key(compare))
    return Sequential(items, others=False, place=given.bound.place)


def _reduced(given: Given) -> Value:
    over = _list(given)
    if over.others:
        raise NotKnownError
    so_far = given.item(given.plain(1))
    for item, number in _numbered(given, over.items):
        so_far = given.item(given.only(given.applied(2, so_far, item, number)))
    (value,) = given.evaluate(so_far)
    return value


def _cut(given: Given, *, taken: bool) -> Value:
    count = given.plain(1)
    match given.values[0], count:
        case Scalar(value=str(text)), int(number):
            cut = text[: max(number, 0)] if taken else text[max(number, 0) :]
            return Scalar(cut, given.bound.place)
        case Sequential(items=items, others=False), int(number):
            rest = items[: max(number, 0)] if taken else items[max(number, 0) :]
            return Sequential(rest, others=False, place=given.bound.place)
    raise NotKnownError


def length(given: Given) -> Value:
    """Return the number of characters, items or members."""
    match given.values[0]:
        case Scalar(value=str(content)):
            pass
        case Sequential(items=content, others=False) | Record(members=content, others=False):
            pass
        case _:
            raise NotKnownError
    return Scalar(len(content), given.bound.place)


def empty(given: Given) -> Value:
    """Return whether there is nothing, or nothing in it."""
    match given.values[0]:
        case Scalar(value=None | str() as content):
            pass
        case Sequential(items=content, others=others) | Record(members=content, others=others):
            if others and not content:
                raise NotKnownError
        case _:
            raise NotKnownError
    return Scalar(not content, given.bound.place)


def contains(given: Given) -> Value:
    """Return whether a text, a list or an object has something; names have no case."""
    what = given.plain(1)
    found: bool | None = None
    match given.values[0], what:
        case Record(members=members, others=others), str(name):
            found = name.lower() in {each.lower() for each in members} or (
                None if others else False
            )
        case Scalar(value=str(text)), str(part):
            found = part in text
        case Sequential(items=items, others=others), _:
            found = _among(given, items, what) or (None if others else False)
    if found is None:
        raise NotKnownError
    return Scalar(found, given.bound.place)


def _among(given: Given, items: Sequence[Bound], what: object) -> bool:
    unsure = False
    for item in items:
        try:
            if given.only(item) == what:
                return True
        except NotKnownError:
            unsure = True
    if unsure:
        raise NotKnownError
    return False


LISTS: Mapping[str, Function] = {
    "concat": _concatenated,
    "contains": contains,
    "empty": empty,
    "filter": _filtered,
    "flatten": _flattened,
    "length": length,
    "map": _mapped,
    "reduce": _reduced,
    "skip": lambda given: _cut(given, taken=False),
    "sort": _sorted,
    "take": lambda given: _cut(given, taken=True),
}
"""By name."""
