"""Compiles calls, indexers and constructors: finds the overload that the arguments fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions import generics, members
from localdev.gateway.expressions.scope import Frame, Local, Scope, Typed, present
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import field, named, text
from localdev.gateway.expressions.types import Converter, implicit, same

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler


@dataclass(frozen=True, slots=True)
class Fit:
    """An overload that takes the arguments."""

    method: Method
    converters: tuple[Converter, ...]
    exact: int
    """How many arguments need no conversion."""


def element(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value[index]`."""
    receiver = compiler.expression(field(node, "expression"), scope)
    values, _ = arguments(compiler, field(node, "subscript"), scope)
    overloads = members.indexes_of(receiver.type)
    return _call(compiler, node, receiver, overloads, values, f"{receiver.type} with an index")


def creation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `new Type(...)`."""
    name = text(field(node, "type"))
    overloads = members.CONSTRUCTORS.get(name)
    listed = node.child_by_field_name("arguments")
    if overloads is None or listed is None or node.child_by_field_name("initializer") is not None:
        raise compiler.error(node, f"new {name} is not supported like this")
    values, _ = arguments(compiler, listed, scope)
    return _call(compiler, node, None, overloads, values, f"new {name}")


def invocation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a call of a method, static or of a value."""
    function = field(node, "function")
    if function.type != "member_access_expression":
        raise compiler.error(function, "only methods of a type or a value can be called")
    owner, name = field(function, "expression"), field(function, "name")
    listed = field(node, "arguments")
    static = members.STATIC_METHODS.get(text(owner))
    if static is not None and text(owner) not in scope.locals:
        values, assigned = arguments(compiler, listed, scope)
        overloads = static.get(text(name), ())
        return _call(
            compiler, node, None, overloads, values, f"{text(owner)}.{text(name)}", assigned
        )
    receiver = compiler.expression(owner, scope)
    special = generics.find(receiver.type, name)
    if special is not None:
        return special(compiler, receiver, node, scope)
    values, assigned = arguments(compiler, listed, scope)
    overloads = members.methods_of(receiver.type, text(name))
    return _call(
        compiler, node, receiver, overloads, values, f"{receiver.type}.{text(name)}", assigned
    )


def arguments(compiler: Compiler, listed: Node, scope: Scope) -> tuple[list[Typed], Local | None]:
    """Compile the arguments of a call; return them, and what the last one assigns (`out`)."""
    values: list[Typed] = []
    assigned: Local | None = None
    for argument in named(compiler.source, listed):
        if argument.child_by_field_name("name") is not None:
            raise compiler.error(argument, "a named argument is not supported here")
        if assigned is not None:
            raise compiler.error(argument, "an out argument has to be the last")
        if text(argument.children[0]) == "out":
            assigned = _out(compiler, argument, scope)
        else:
            values.append(compiler.expression(argument.named_children[-1], scope))
    return values, assigned


def _out(compiler: Compiler, argument: Node, scope: Scope) -> Local:
    target = argument.named_children[-1]
    if target.type == "declaration_expression":
        type_ = compiler.type_named(field(target, "type"))
        return scope.declare(text(field(target, "name")), type_, assigned=True)
    local = scope.locals.get(text(target))
    if local is None:
        raise compiler.error(target, f"there is no variable {text(target)}")
    local.assigned = True
    return local


def fitting(
    overloads: Sequence[Method], values: Sequence[Typed], assigned: Local | None = None
) -> Fit | None:
    """Return the overload that takes the arguments with the fewest conversions, or None."""
    fits = []
    for method in overloads:
        if (method.out is None) != (assigned is None):
            continue
        if method.out is not None and assigned is not None and method.out != assigned.type:
            continue
        further = len(values) - len(method.parameters)
        if further < 0 or (further > 0 and method.rest is None):
            continue
        types = [*method.parameters, *[method.rest] * further]
        found = [
            implicit(value.type, type_)
            for value, type_ in zip(values, types, strict=True)
            if type_ is not None
        ]
        converters = tuple(converter for converter in found if converter is not None)
        if len(converters) == len(values):
            exact = sum(value.type == type_ for value, type_ in zip(values, types, strict=True))
            fits.append(Fit(method, converters, exact))
    return max(fits, key=lambda fit: fit.exact, default=None)


def _call(  # noqa: PLR0913, PLR0917 - what a call consists of
    compiler: Compiler,
    node: Node,
    receiver: Typed | None,
    overloads: Sequence[Method],
    values: Sequence[Typed],
    what: str,
    assigned: Local | None = None,
) -> Typed:
    fit = fitting(overloads, values, assigned)
    if fit is None:
        types = ", ".join([*(str(value.type) for value in values), *["out"] * bool(assigned)])
        raise compiler.error(node, f"{what} does not take ({types})")
    runs = [
        value.run if converter is same else _after(converter, value.run)
        for value, converter in zip(values, fit.converters, strict=True)
    ]
    if receiver is not None:
        runs.insert(0, present(receiver))
    return Typed(fit.method.returns, _applied(fit.method.call, runs, assigned))


def _after(converter: Converter, run: Callable[[Frame], Any]) -> Callable[[Frame], Any]:
    return lambda frame: converter(run(frame))


def _applied(
    call: Callable[..., Any], runs: Sequence[Callable[[Frame], Any]], assigned: Local | None
) -> Callable[[Frame], Any]:
    if assigned is not None:
        place = assigned.place

        def assign(frame: Frame) -> object:
            result, frame[place] = call(*[run(frame) for run in runs])
            return result

        return assign
    match runs:
        case [one]:
            return lambda frame: call(one(frame))
        case [one, two]:
            return lambda frame: call(one(frame), two(frame))
    return lambda frame: call(*[run(frame) for run in runs])
