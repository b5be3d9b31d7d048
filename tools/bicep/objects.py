"""Functions that build objects, or read them. Names of members have no case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.bicep.arguments import Function, Given
from tools.bicep.expressions import Call, Literal, Name, Object, Property
from tools.bicep.frames import Bound
from tools.bicep.literals import Plain
from tools.bicep.plain import NotKnownError
from tools.bicep.values import Record, Scalar, Sequential, Value


def _in_order(record: Record) -> list[tuple[str, Bound]]:
    """Return the members in the order in which items() and objectKeys() give them."""
    return sorted(record.members.items(), key=lambda pair: pair[0].upper())


def _record(given: Given, number: int = 0) -> Record:
    value = given.values[number]
    if not isinstance(value, Record):
        raise NotKnownError
    return value


def _items(given: Given) -> Value:
    record, place, frame = _record(given), given.bound.place, given.bound.frame
    pairs = []
    for key, item in _in_order(record):
        # The member is looked up as a local of the pair's, because it has a frame of its own.
        inner = frame.inside({"value": item})
        pair = (
            Property("key", Literal(key, place=place), place=place),
            Property("value", Name("value", place=place), place=place),
        )
        pairs.append(Bound.of(Object(pair, place=place), inner))
    return Sequential(pairs, others=record.others, place=place)


def _keys(given: Given) -> Value:
    record = _record(given)
    keys = [given.item(key) for key, _ in _in_order(record)]
    return Sequential(keys, others=record.others, place=given.bound.place)


def _joined(given: Given, values: Sequence[Value], *, deep: bool) -> Value:
    """Return objects in one, with what is known of those that are not all known."""
    known = [value for value in values if isinstance(value, Record)]
    if not known or any(isinstance(value, Scalar | Sequential) for value in values):
        raise NotKnownError
    members: dict[str, Bound] = {}
    for record in known:
        for name, item in record.members.items():
            same = next((each for each in members if each.lower() == name.lower()), None)
            if same is None:
                members[name] = item
                continue
            before = members.pop(same)
            merged = _merged(given, before, item) if deep else item
            members[name] = merged
    others = len(known) < len(values) or any(each.others for each in known)
    return Record(members, others, given.bound.place)


def _merged(given: Given, before: Bound, after: Bound) -> Bound:
    """Return the union() of two values of one name: null does not replace anything."""
    one, other = list(given.evaluate(before)), list(given.evaluate(after))
    match one, other:
        case _, [Scalar(value=None)]:
            return before
        case [Record()], [Record()]:
            frame = given.bound.frame.inside({"one": before, "other": after})
            place = after.place
            both = (Name("one", place=place), Name("other", place=place))
            return Bound.of(Call(None, "union", both, place=place), frame)
    return after


def _united(given: Given) -> Value:
    if any(isinstance(value, Record) for value in given.values):
        return _joined(given, given.values, deep=True)
    lists = [value for value in given.values if isinstance(value, Sequential)]
    if not lists or any(isinstance(value, Scalar) for value in given.values):
        raise NotKnownError
    items: list[Bound] = []
    seen: list[Plain] = []
    for item in (item for each in lists for item in each.items):
        try:
            value = given.only(item)
        except NotKnownError:
            items.append(item)
            continue
        if value not in seen:
            seen.append(value)
            items.append(item)
    others = len(lists) < len(given.values) or any(each.others for each in lists)
    return Sequential(items, others=others, place=given.bound.place)


def _shallow(given: Given) -> Value:
    value = given.values[0]
    if not isinstance(value, Sequential) or value.others:
        raise NotKnownError
    found = [list(given.evaluate(item)) for item in value.items]
    if any(len(each) != 1 for each in found):
        raise NotKnownError
    return _joined(given, [each[0] for each in found], deep=False)


def _to_object(given: Given) -> Value:
    """Apply toObject() to a list: a member for each item."""
    over = given.values[0]
    if not isinstance(over, Sequential):
        raise NotKnownError
    members: dict[str, Bound] = {}
    unsure = over.others
    for item in over.items:
        keys = [
            value.value
            for value in given.evaluate(given.applied(1, item))
            if isinstance(value, Scalar) and isinstance(value.value, str)
        ]
        unsure = unsure or not keys
        for key in keys:
            members[key] = given.applied(2, item) if given.values[2:] else item
    return Record(members, unsure, given.bound.place)


def _grouped(given: Given) -> Value:
    over = given.values[0]
    if not isinstance(over, Sequential) or over.others:
        raise NotKnownError
    groups: dict[str, list[Plain]] = {}
    for item in over.items:
        key = given.only(given.applied(1, item))
        groups.setdefault(str(key), []).append(given.only(item))
    (value,) = given.evaluate(given.item(dict(groups)))
    return value


def _with_mapped_values(given: Given) -> Value:
    record = _record(given)
    members = {name: given.applied(1, item) for name, item in record.members.items()}
    return Record(members, record.others, given.bound.place)


OBJECTS: Mapping[str, Function] = {
    "groupBy": _grouped,
    "items": _items,
    "mapValues": _with_mapped_values,
    "objectKeys": _keys,
    "shallowMerge": _shallow,
    "toObject": _to_object,
    "union": _united,
}
"""By name."""
