"""Members are read of objects by name, and items of lists by number."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.assignments import suggestion
from tools.bicep.deployed import frames
from tools.bicep.evaluation import possible
from tools.bicep.expressions import (
    Array,
    Call,
    Expression,
    Index,
    Literal,
    Member,
    Name,
    Object,
)
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound, Tree
from tools.bicep.reads import kind
from tools.bicep.templates import Module, Resource, Template, Variable
from tools.bicep.visits import everything
from tools.bicep.written import ANY

_KEYS = {"array": "int", "object": "string"}
"""The kind of what stands in brackets behind a list, and behind an object."""


def check_access(tree: Tree) -> Iterator[Finding]:
    """Yield what is read of something that has no such thing, whatever its values."""
    for layer in tree.layers():
        for frame in frames(layer):
            for bound in everything(frame):
                match bound.expression:
                    case Member() as member:
                        yield from _member(member, bound)
                    case Index() as index:
                        yield from _index(index, bound)


def _member(member: Member, bound: Bound) -> Iterator[Finding]:
    template = bound.frame.template
    if isinstance(member.of, Call) and member.of.function == "any":
        return
    if isinstance(member.of, Name) and member.of.name not in bound.frame.locals:
        found = template.symbols.get(member.of.name)
        if isinstance(found, Resource | Module) and found.loop:
            text = f"{found.name} is a list, for it is deployed in a loop"
            yield Finding(member.place, f"{text}: name one by its index")
            return
    kinds = _kinds(Bound.of(member.of, bound.frame))
    if kinds and not kinds & {"object", ANY}:
        text = f"{member.name} is read of a {' or '.join(sorted(kinds))}"
        yield Finding(member.place, f"{text}: only an object has members")
    written = _written(member.of, template)
    if member.safe and isinstance(written, Object):
        names = [each.key for each in written.properties if isinstance(each.key, str)]
        if len(names) == len(written.properties) and member.name not in names:
            text = f"the object never has a member {member.name}"
            yield Finding(member.place, f"{text}: {suggestion(member.name, names)}")


def _index(index: Index, bound: Bound) -> Iterator[Finding]:
    frame = bound.frame
    kinds, keys = _kinds(Bound.of(index.of, frame)), _kinds(Bound.of(index.index, frame))
    if kinds and not kinds & {*_KEYS, ANY}:
        text = f"an item is read of a {' or '.join(sorted(kinds))}"
        yield Finding(index.place, f"{text}: only lists and objects have items")
    for of, wanted in _KEYS.items():
        if kinds == {of} and keys and not keys & {wanted, ANY}:
            text = f"an {of} is indexed by {wanted}, not by {' or '.join(sorted(keys))}"
            yield Finding(index.place, f"{text}: correct it")
    written = _written(index.of, frame.template)
    match written, index.index:
        case Array(items=items), Literal(value=int(number)) if (
            not index.safe and not number < len(items) + index.last
        ):
            yield Finding(index.place, f"there is no item {number}: the list has {len(items)}")


def _kinds(bound: Bound) -> set[str]:
    """Return the kinds that an expression can be of, but for null."""
    return {kind(value) for value in possible(bound)} - {"null"}


def _written(expression: Expression, template: Template) -> Expression | None:
    """Return what an expression is, through the variables that only give it a name."""
    while isinstance(expression, Name):
        found = template.symbols.get(expression.name)
        if not isinstance(found, Variable):
            return None
        expression = found.value
    return expression
