"""Converts values that are wholly known to Python values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tools.bicep.frames import Bound
from tools.bicep.literals import Plain
from tools.bicep.values import Record, Scalar, Sequential, Value

type Evaluate = Callable[[Bound], Iterator[Value]]
"""What yields the values that an expression can have."""


class NotKnownError(Exception):
    """The value depends on the deployment, or has several possibilities."""


def plain(value: Value, evaluate: Evaluate) -> Plain:
    """Return a value with all that is in it.

    Raises:
        NotKnownError: a part of it is not known.

    """
    match value:
        case Scalar(value=scalar):
            return scalar
        case Record(members=members, others=False):
            return {name: plain_of(item, evaluate) for name, item in members.items()}
        case Sequential(items=items, others=False):
            return [plain_of(item, evaluate) for item in items]
    raise NotKnownError


def plain_of(bound: Bound, evaluate: Evaluate) -> Plain:
    """Return the one value that an expression can have.

    Raises:
        NotKnownError: a part of it is not known, or there are several.

    """
    found = [plain(value, evaluate) for value in evaluate(bound)]
    if not found or any(each != found[0] or type(each) is not type(found[0]) for each in found):
        raise NotKnownError
    return found[0]
