"""Compiles calls, indexers and constructors: resolves the overload by the argument types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from localdev.gateway.expressions import generics, members, names
from localdev.gateway.expressions.compile import Compile
from localdev.gateway.expressions.errors import null_reference
from localdev.gateway.expressions.scope import Frame, Local, Scope, Typed
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import Converter, implicit, same


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    values: Sequence[Typed] = ()
    out: Local | None = None
    """The variable that the call assigns."""


@dataclass(frozen=True, slots=True)
class Fit:
    """An overload with the conversions of the arguments to its parameters."""

    method: Method
    converters: tuple[Converter, ...]
    exact: int
    """How many arguments need no conversion."""


def element(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile an element access, `value[index]`."""
    receiver = names.owner(compile_, node, scope)
    given = _arguments(compile_, compile_.field(node, "subscript"), scope)
    what = f"{receiver.type} with an index"
    return _call(compile_, node, members.indexes_of(receiver.type), given, what, receiver)


def creation(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile `new Type(...)`."""
    what = f"new {text(compile_.field(node, 'type'))}"
    if node.child_by_field_name("initializer") is not None:
        raise compile_.unsupported(node, f"{what} with an initializer")
    given = _arguments(compile_, compile_.field(node, "arguments"), scope)
    overloads = members.CONSTRUCTORS.get(text(compile_.field(node, "type")), ())
    return _call(compile_, node, overloads, given, what)


def invocation(compile_: Compile, node: Node, scope: Scope) -> Typed:
    """Compile a call of a method, static or of a value."""
    function = compile_.field(node, "function")
    if function.type != "member_access_expression":
        raise compile_.unsupported(function, "call of what is no method of a type or a value")
    owner, name = compile_.field(function, "expression"), compile_.field(function, "name")
    static = members.STATIC_METHODS.get(text(owner))
    receiver = None
    if static is None or text(owner) in scope.locals:
        receiver = names.owner(compile_, function, scope)
    given = _arguments(compile_, compile_.field(node, "arguments"), scope)
    if receiver is None:
        overloads = (static or {}).get(text(name), ())
        return _call(compile_, node, overloads, given, f"{text(owner)}.{text(name)}")
    if name.type == "generic_name":
        overloads = generics.overloads(compile_, receiver.type, name)
    else:
        overloads = members.methods_of(receiver.type, text(name))
    return _call(compile_, node, overloads, given, f"{receiver.type}.{text(name)}", receiver)


def _arguments(compile_: Compile, parenthesized: Node, scope: Scope) -> Arguments:
    values: list[Typed] = []
    listed = parenthesized.named_children
    for argument in listed:
        value, modifier = argument.children[-1], text(argument.children[0])
        if "".join(text(argument).split()) == "preserveContent:true":
            values.append(Typed(generics.PRESERVED, lambda _: True))
        elif len(argument.children) == 1:
            values.append(compile_.expression(value, scope))
        elif modifier == "out" and argument == listed[-1]:
            return Arguments(values, compile_.assignable(value, scope))
        else:
            raise compile_.unsupported(argument, "argument of this form")
    return Arguments(values)


def _fitting(overloads: Sequence[Method], given: Arguments) -> Fit | None:
    """Return the overload that takes the arguments with the fewest conversions, or None."""
    fits = []
    for overload in overloads:
        if overload.out != (given.out and given.out.type):
            continue
        further = len(given.values) - len(overload.parameters)
        if further < 0 or (further > 0 and overload.rest is None):
            continue
        types = [*overload.parameters, *([overload.rest] if overload.rest else []) * further]
        pairs = [(value.type, type_) for value, type_ in zip(given.values, types, strict=True)]
        converters = tuple(one for one in (implicit(*pair) for pair in pairs) if one is not None)
        if len(converters) == len(pairs):
            exact = sum(source == target for source, target in pairs)
            fits.append(Fit(overload, converters, exact))
    return max(fits, key=lambda fit: fit.exact, default=None)


def _call(  # noqa: PLR0913, PLR0917 - what a call consists of
    compile_: Compile,
    node: Node,
    overloads: Sequence[Method],
    given: Arguments,
    what: str,
    receiver: Typed | None = None,
) -> Typed:
    fit = _fitting(overloads, given)
    if fit is None:
        types = [str(value.type) for value in given.values]
        types += [f"out {given.out.type}"] if given.out else []
        raise compile_.unsupported(node, f"{what} with ({', '.join(types)})")
    runs = [
        value.run if converter is same else _after(converter, value.run)
        for value, converter in zip(given.values, fit.converters, strict=True)
    ]
    call = fit.method.call
    if receiver is not None:
        runs.insert(0, receiver.run)
        call = _checking(call) if receiver.type.nullable else call
    if given.out is None:
        return Typed(fit.method.returns, _applied(call, runs))
    given.out.assigned = True
    return Typed(fit.method.returns, _assigning(call, runs, given.out.place))


def _checking(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a call that has a value to be called on; its arguments are computed before."""

    def checked(value: object, *arguments: object) -> object:
        if value is None:
            raise null_reference()
        return call(value, *arguments)

    return checked


def _after(converter: Converter, run: Callable[[Frame], Any]) -> Callable[[Frame], Any]:
    return lambda frame: converter(run(frame))


def _applied(
    call: Callable[..., Any], runs: Sequence[Callable[[Frame], Any]]
) -> Callable[[Frame], Any]:
    match runs:
        case [one]:
            return lambda frame: call(one(frame))
        case [one, two]:
            return lambda frame: call(one(frame), two(frame))
    return lambda frame: call(*[run(frame) for run in runs])


def _assigning(
    call: Callable[..., Any], runs: Sequence[Callable[[Frame], Any]], place: int
) -> Callable[[Frame], Any]:
    def assign(frame: Frame) -> object:
        result, frame[place] = call(*[run(frame) for run in runs])
        return result

    return assign
