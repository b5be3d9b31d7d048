"""Arguments of function calls, and their lookup by the functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.bicep.expressions import Lambda
from tools.bicep.frames import Bound
from tools.bicep.literals import Plain, constant
from tools.bicep.plain import Evaluate, NotKnownError, plain, plain_of
from tools.bicep.values import Unknown, Value


@dataclass(frozen=True, slots=True)
class Given:
    """One call: its arguments, as one combination of their possible values."""

    values: Sequence[Value]
    bound: Bound
    """The call itself."""
    evaluate: Evaluate

    def item(self, value: Plain) -> Bound:
        """Return a value as an item of a list or a member of an object."""
        return Bound.of(constant(value, self.bound.place), self.bound.frame)

    def plain(self, number: int) -> Plain:
        """Return an argument as Python has it.

        Raises:
            NotKnownError: a part of it is not known, or it is not given.

        """
        if number >= len(self.values):
            raise NotKnownError
        return plain(self.values[number], self.evaluate)

    def applied(self, number: int, *items: Bound) -> Bound:
        """Apply the lambda in an argument to items.

        Raises:
            NotKnownError: the argument is no lambda, or one of fewer items.

        """
        value = self.values[number] if number < len(self.values) else None
        if not isinstance(value, Unknown) or not isinstance(value.bound.expression, Lambda):
            raise NotKnownError
        function, frame = value.bound.expression, value.bound.frame
        if len(function.names) > len(items):
            raise NotKnownError
        return Bound.of(function.body, frame.inside(dict(zip(function.names, items, strict=False))))

    def only(self, bound: Bound) -> Plain:
        """Return the one value of an expression, as Python has it.

        Raises:
            NotKnownError: a part of it is not known, or there are several.

        """
        return plain_of(bound, self.evaluate)


type Function = Callable[[Given], Value]
"""Returns what a function makes of its arguments; raises NotKnownError where it cannot tell."""
