"""Compiles calls, indexers and constructors: resolves the overload by the argument types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from localdev.gateway.expressions import generics, members, operations, operators
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.scope import Frame, Local, Scope, Typed
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import field, text, unsupported
from localdev.gateway.expressions.types import implicit
from localdev.gateway.expressions.values import present


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    values: Sequence[Typed] = ()
    out: Local | None = None
    """The variable that the call assigns."""


def element(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile an element access, `value[index]`."""
    receiver = operations.owner(compiler, node, scope)
    given = _arguments(compiler, field(node, "subscript"), scope)
    what = f"{receiver.type} with an index"
    return _call(node, members.INDEXES.get(receiver.type, ()), given, what, receiver)


def creation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `new Type(...)`."""
    what = f"new {text(field(node, 'type'))}"
    if node.child_by_field_name("initializer") is not None:
        raise unsupported(node, f"{what} with an initializer")
    given = _arguments(compiler, field(node, "arguments"), scope)
    overloads = members.CONSTRUCTORS.get(text(field(node, "type")), ())
    return _call(node, overloads, given, what)


def invocation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a call of a method, static or of a value."""
    function = field(node, "function")
    if function.type != "member_access_expression":
        raise unsupported(function, "call of what is no method of a type or a value")
    owner, name = field(function, "expression"), field(function, "name")
    static = members.STATIC_METHODS.get(text(owner))
    receiver = None
    if static is None or text(owner) in scope.locals:
        receiver = operations.owner(compiler, function, scope)
    given = _arguments(compiler, field(node, "arguments"), scope)
    if receiver is None:
        overloads = (static or {}).get(text(name), ())
        return _call(node, overloads, given, f"{text(owner)}.{text(name)}")
    if name.type == "generic_name":
        overloads = generics.overloads(compiler, receiver.type, name)
    else:
        overloads = members.METHODS.get(receiver.type, {}).get(text(name), ())
    return _call(node, overloads, given, f"{receiver.type}.{text(name)}", receiver)


def _arguments(compiler: Compiler, parenthesized: Node, scope: Scope) -> Arguments:
    values: list[Typed] = []
    listed = parenthesized.named_children
    for argument in listed:
        value, modifier = argument.children[-1], text(argument.children[0])
        if "".join(text(argument).split()) == "preserveContent:true":
            values.append(Typed(generics.PRESERVED, lambda _: True))
        elif len(argument.children) == 1:
            values.append(compiler.expression(value, scope))
        elif modifier == "out" and argument == listed[-1]:
            return Arguments(values, compiler.assignable(value, scope))
        else:
            raise unsupported(argument, "argument of this form")
    return Arguments(values)


def _resolved(
    overloads: Sequence[Method], given: Arguments
) -> tuple[Method, Sequence[Typed]] | None:
    """Return the overload with the fewest conversions, and its converted arguments."""
    fits = []
    for overload in overloads:
        if overload.out != (given.out and given.out.type):
            continue
        further = len(given.values) - len(overload.parameters)
        if further < 0 or (further > 0 and overload.rest is None):
            continue
        types = [*overload.parameters, *([overload.rest] if overload.rest else []) * further]
        pairs = list(zip(given.values, types, strict=True))
        arguments = [
            converted
            for value, type_ in pairs
            if (converted := operators.converted(value, type_, implicit(value.type, type_)))
        ]
        if len(arguments) == len(pairs):
            exact = sum(value.type == type_ for value, type_ in pairs)
            fits.append((exact, overload, arguments))
    return max(fits, key=lambda fit: fit[0])[1:] if fits else None


def _call(
    node: Node,
    overloads: Sequence[Method],
    given: Arguments,
    what: str,
    receiver: Typed | None = None,
) -> Typed:
    resolved = _resolved(overloads, given)
    if resolved is None:
        types = [str(value.type) for value in given.values]
        types += [f"out {given.out.type}"] if given.out else []
        raise unsupported(node, f"{what} with ({', '.join(types)})")
    method, arguments = resolved
    runs, call = [argument.run for argument in arguments], method.call
    if receiver is not None:
        runs.insert(0, receiver.run)
        call = _present(call)
    if given.out is None:
        return Typed(method.returns, lambda frame: call(*[run(frame) for run in runs]))
    given.out.assigned = True
    return Typed(method.returns, _assigning(call, runs, given.out.place))


def _present(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a call that needs a value to be called on; its arguments are computed before."""
    return lambda value, *arguments: call(present(value), *arguments)


def _assigning(
    call: Callable[..., Any], runs: Sequence[Callable[[Frame], Any]], place: int
) -> Callable[[Frame], Any]:
    def assign(frame: Frame) -> object:
        result, frame[place] = call(*[run(frame) for run in runs])
        return result

    return assign
