"""Compiles calls, indexers and constructors: finds the overload that the arguments fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions import generics, members
from localdev.gateway.expressions.errors import null_reference
from localdev.gateway.expressions.scope import Frame, Local, Scope, Typed
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import Converter, Type, implicit, same

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler


@dataclass(frozen=True, slots=True)
class Out:
    """An argument that the call assigns: a variable, or the declaration of one."""

    node: Node
    type: Type | None
    """None if the method says it: `out var`."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is in the parentheses of a call."""

    values: Sequence[Typed] = ()
    out: Out | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """An overload that takes the arguments."""

    method: Method
    converters: tuple[Converter, ...]
    exact: int
    """How many arguments need no conversion."""


def element(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `value[index]`."""
    receiver = compiler.receiver(node, scope)
    listed = compiler.field(node, "subscript").named_children
    return index(compiler, node, receiver, listed, scope)


def index(
    compiler: Compiler, node: Node, receiver: Typed, listed: Sequence[Node], scope: Scope
) -> Typed:
    """Compile what is in brackets behind a value."""
    given = _arguments(compiler, listed, scope)
    overloads = members.indexes_of(receiver.type)
    what = f"{receiver.type} with an index"
    return _call(compiler, node, scope, overloads, given, what, receiver)


def creation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `new Type(...)`."""
    name = text(compiler.field(node, "type"))
    overloads = members.CONSTRUCTORS.get(name)
    listed = node.child_by_field_name("arguments")
    if overloads is None or listed is None or node.child_by_field_name("initializer") is not None:
        raise compiler.error(node, f"new {name} is not supported like this")
    given = _arguments(compiler, listed.named_children, scope)
    return _call(compiler, node, scope, overloads, given, f"new {name}")


def invocation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a call of a method, static or of a value."""
    function = compiler.field(node, "function")
    if function.type == "conditional_access_expression":
        name = compiler.field(function.named_children[-1], "name")
        return method(compiler, node, compiler.bound[function.id], name, scope)
    if function.type != "member_access_expression":
        raise compiler.error(function, "only methods of a type or a value can be called")
    owner, name = compiler.field(function, "expression"), compiler.field(function, "name")
    static = members.STATIC_METHODS.get(text(owner))
    if static is not None and text(owner) not in scope.locals:
        given = _arguments(compiler, compiler.field(node, "arguments").named_children, scope)
        what = f"{text(owner)}.{text(name)}"
        return _call(compiler, node, scope, static.get(text(name), ()), given, what)
    return method(compiler, node, compiler.receiver(function, scope), name, scope)


def method(compiler: Compiler, node: Node, receiver: Typed, name: Node, scope: Scope) -> Typed:
    """Compile a call of a method of a value."""
    special = generics.find(receiver.type, name)
    if special is not None:
        return special(compiler, receiver, node, scope)
    given = _arguments(compiler, compiler.field(node, "arguments").named_children, scope)
    overloads = members.methods_of(receiver.type, text(name))
    what = f"{receiver.type}.{text(name)}"
    return _call(compiler, node, scope, overloads, given, what, receiver)


def plain_arguments(compiler: Compiler, node: Node, scope: Scope) -> Sequence[Typed]:
    """Compile the arguments of a call that assigns none of them."""
    given = _arguments(compiler, compiler.field(node, "arguments").named_children, scope)
    if given.out is not None:
        raise compiler.error(given.out.node, "nothing is assigned here")
    return given.values


def _arguments(compiler: Compiler, listed: Sequence[Node], scope: Scope) -> Arguments:
    values: list[Typed] = []
    for argument in listed:
        if argument.child_by_field_name("name") is not None:
            raise compiler.error(argument, "a named argument is not supported here")
        value, modifier = argument.children[-1], text(argument.children[0])
        if len(argument.children) == 1:
            values.append(compiler.expression(value, scope))
        elif modifier != "out" or argument != listed[-1]:
            raise compiler.error(argument, "only the last argument can have a modifier: out")
        else:
            return Arguments(values, _out(compiler, value, scope))
    return Arguments(values)


def _out(compiler: Compiler, target: Node, scope: Scope) -> Out:
    if target.type == "declaration_expression":
        type_ = compiler.field(target, "type")
        implied = type_.type == "implicit_type"
        return Out(target, None if implied else compiler.type_named(type_))
    return Out(target, compiler.assignable(target, scope).type)


def _assigned(compiler: Compiler, out: Out, type_: Type, scope: Scope) -> Local:
    if out.node.type == "declaration_expression":
        return compiler.declare(compiler.field(out.node, "name"), type_, scope, assigned=True)
    local = compiler.assignable(out.node, scope)
    local.assigned = True
    return local


def _fitting(overloads: Sequence[Method], given: Arguments) -> Fit | None:
    """Return the overload that takes the arguments with the fewest conversions, or None."""
    fits = []
    for overload in overloads:
        if (overload.out is None) != (given.out is None):
            continue
        if given.out is not None and given.out.type not in {None, overload.out}:
            continue
        further = len(given.values) - len(overload.parameters)
        if further < 0 or (further > 0 and overload.rest is None):
            continue
        types = [*overload.parameters, *[overload.rest] * further]
        pairs = [
            (value.type, type_)
            for value, type_ in zip(given.values, types, strict=True)
            if type_ is not None
        ]
        found = [implicit(*pair) for pair in pairs]
        converters = tuple(converter for converter in found if converter is not None)
        exact = sum(source == target for source, target in pairs)
        if len(converters) == len(pairs) and (exact == len(pairs) or not overload.exact):
            fits.append(Fit(overload, converters, exact))
    return max(fits, key=lambda fit: fit.exact, default=None)


def _call(  # noqa: PLR0913, PLR0917 - what a call consists of
    compiler: Compiler,
    node: Node,
    scope: Scope,
    overloads: Sequence[Method],
    given: Arguments,
    what: str,
    receiver: Typed | None = None,
) -> Typed:
    fit = _fitting(overloads, given)
    if fit is None:
        types = ", ".join(
            [*(str(value.type) for value in given.values), *["out"] * bool(given.out)]
        )
        raise compiler.error(node, f"{what} does not take ({types})")
    runs = [
        value.run if converter is same else _after(converter, value.run)
        for value, converter in zip(given.values, fit.converters, strict=True)
    ]
    call = fit.method.call
    if receiver is not None:
        runs.insert(0, receiver.run)
        call = _checking(call) if receiver.type.nullable else call
    if given.out is None or fit.method.out is None:
        return Typed(fit.method.returns, _applied(call, runs))
    place = _assigned(compiler, given.out, fit.method.out, scope).place
    return Typed(fit.method.returns, _assigning(call, runs, place))


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
