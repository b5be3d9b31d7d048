"""Expressions of Bicep as values; each knows its place, which does not count when they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.bicep.finding import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(_Node):
    """A string without interpolation, a number, a boolean or null."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Interpolated(_Node):
    """A string with expressions in it, in order with the text between them."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Name(_Node):
    """A symbol, or the nested resource *within*`::name`."""

    name: str
    within: Expression | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Member(_Node):
    """`of.name`; *safe* `of.?name`, which need not be there; *sure* `of!.name`, not null."""

    of: Expression
    name: str
    safe: bool = False
    sure: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Index(_Node):
    """`of[index]`; *safe* `of[?index]`, *last* `of[^index]`, from the end; *sure* `of![index]`."""

    of: Expression
    index: Expression
    safe: bool = False
    last: bool = False
    sure: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Call(_Node):
    """`function(arguments)`; with *of* `of.function(arguments)`."""

    of: Expression | None
    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Array(_Node):
    """`[items]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Property(_Node):
    """A member of an object; the key is an expression where it is interpolated."""

    key: str | Interpolated
    value: Expression


@dataclass(frozen=True, slots=True)
class Object(_Node):
    """`{properties}`."""

    properties: tuple[Property, ...]

    def get(self, key: str) -> Expression | None:
        """Return the value of a property, if it is there."""
        return next((each.value for each in self.properties if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Conditional(_Node):
    """`condition ? then : otherwise`; as `if (condition) then`, *otherwise* is null."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Operation(_Node):
    """A unary or binary operator with its operands; `x!` is the one that stands behind."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class For(_Node):
    """`[for item in over: body]`; *names* are the item's and, if asked for, the index's."""

    names: tuple[str, ...]
    over: Expression
    body: Expression


@dataclass(frozen=True, slots=True)
class Lambda(_Node):
    """`name => body`."""

    names: tuple[str, ...]
    body: Expression


type Expression = (
    Literal
    | Interpolated
    | Name
    | Member
    | Index
    | Call
    | Array
    | Object
    | Conditional
    | Operation
    | For
    | Lambda
)


def parts(node: Expression | Property) -> Iterator[Expression | Property]:
    """Yield the parts of a node."""
    for name in node.__match_args__:
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, _Node):
                yield item  # type: ignore[misc]  # every node but Property is an Expression


def walk(node: Expression | Property) -> Iterator[Expression]:
    """Yield a node and everything in it, the outer before the inner."""
    if not isinstance(node, Property):
        yield node
    for part in parts(node):
        yield from walk(part)


def scoped(
    node: Expression | Property, local: frozenset[str] = frozenset()
) -> Iterator[tuple[Expression, frozenset[str]]]:
    """Yield the nodes of `walk`, each with the variables of the loops and lambdas around it.

    What is given to nameof() is not read: of that, only names are yielded.
    """
    if not isinstance(node, Property):
        yield node, local
    match node:
        case For(names=names, over=over, body=body):
            yield from scoped(over, local)
            yield from scoped(body, local | set(names))
        case Lambda(names=names, body=body):
            yield from scoped(body, local | set(names))
        case Call(function="nameof", arguments=arguments):
            names_in = (each for one in arguments for each in walk(one))
            yield from ((each, local) for each in names_in if isinstance(each, Name))
        case _:
            for part in parts(node):
                yield from scoped(part, local)


def symbols(node: Expression | Property) -> Iterator[Name]:
    """Yield the names in a node that no loop or lambda in it declares."""
    for each, local in scoped(node):
        if isinstance(each, Name) and each.name not in local:
            yield each
