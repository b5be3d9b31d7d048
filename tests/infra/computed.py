"""What a variable of a template is for given parameters, where that takes no deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.infra.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    Index,
    Literal,
    Name,
    Object,
    Operation,
)
from tests.infra.bicep.templates import Parameter, Template, Variable

_OPERATORS: Mapping[str, Callable[..., Any]] = {
    "!": lambda one: not one,
    "&&": lambda one, other: one and other,
    "||": lambda one, other: one or other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "empty": lambda of: not of,
    "length": len,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, by: text.split(by),
    "concat": lambda *lists: [item for each in lists for item in each],
}


class Computer:
    """Computes the variables of a template."""

    def __init__(self, template: Template, given: Mapping[str, object]) -> None:
        self._template = template
        self._given = given

    def variable(self, name: str) -> Any:  # noqa: ANN401 - whatever Bicep computes
        """Return what a variable, or a parameter, is.

        Raises:
            AssertionError: it takes more than this can do.

        """
        if name in self._given:
            return self._given[name]
        match self._template.symbols[name]:
            case Variable(value=value) | Parameter(default=value) if value is not None:
                return self.of(value)
        raise AssertionError(f"{name} is not given")

    def of(self, expression: Expression) -> Any:  # noqa: ANN401 - likewise
        """Return what an expression is."""
        match expression:
            case Literal(value=value):
                found: Any = value
            case Array(items=items):
                found = [self.of(item) for item in items]
            case Object(properties=properties):
                found = {each.key: self.of(each.value) for each in properties}
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                found = self.of(then) if self.of(condition) else self.of(otherwise)
            case Operation(operator=operator, operands=operands):
                found = _OPERATORS[operator](*map(self.of, operands))
            case Call(function=function, arguments=arguments):
                found = _FUNCTIONS[function](*map(self.of, arguments))
            case Index(of=table, index=index):
                found = self.of(table)[self.of(index)]
            case Name(name=name):
                found = self.variable(name)
            case other:
                raise AssertionError(f"{other.place}: not computed here")
        return found
