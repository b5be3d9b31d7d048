"""Compiles calls, indexers and constructors, with a conversion of each argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from localdev.gateway.expressions import members, operators
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.context_members import PRESERVED
from localdev.gateway.expressions.scope import Frame, Scope, Typed
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import field, text, unsupported
from localdev.gateway.expressions.types import Type, implicit
from localdev.gateway.expressions.values import present


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    values: Sequence[Typed] = ()
    out: str | None = None
    """The variable that the call assigns."""
    out_type: Type | None = None


def element(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile an element access, `value[index]`."""
    receiver = compiler.expression(field(node, "expression"), scope)
    given = _arguments(compiler, field(node, "subscript"), scope)
    what = f"{receiver.type} with an index"
    return _call(node, members.INDEXES.get(receiver.type), given, what, receiver)


def creation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile `new Type(...)`."""
    what = f"new {text(field(node, 'type'))}"
    if node.child_by_field_name("initializer") is not None:
        raise unsupported(node, f"{what} with an initializer")
    given = _arguments(compiler, field(node, "arguments"), scope)
    return _call(node, members.CONSTRUCTORS.get(text(field(node, "type"))), given, what)


def invocation(compiler: Compiler, node: Node, scope: Scope) -> Typed:
    """Compile a call of a method, static or of a value."""
    function = field(node, "function")
    if function.type != "member_access_expression":
        raise unsupported(function, "call of what is no method of a type or a value")
    owner, name = field(function, "expression"), field(function, "name")
    static = members.STATIC_METHODS.get(text(owner))
    receiver = None
    if static is None or text(owner) in scope.types:
        receiver = compiler.expression(owner, scope)
    given = _arguments(compiler, field(node, "arguments"), scope)
    if receiver is None:
        method = (static or {}).get(text(name))
        return _call(node, method, given, f"{text(owner)}.{text(name)}")
    method = members.METHODS.get(receiver.type, {}).get(text(name))
    return _call(node, method, given, f"{receiver.type}.{text(name)}", receiver)


def _arguments(compiler: Compiler, parenthesized: Node, scope: Scope) -> Arguments:
    values: list[Typed] = []
    listed = parenthesized.named_children
    for argument in listed:
        value, modifier = argument.children[-1], text(argument.children[0])
        if "".join(text(argument).split()) == "preserveContent:true":
            values.append(Typed(PRESERVED, lambda _: True))
        elif len(argument.children) == 1:
            values.append(compiler.expression(value, scope))
        elif modifier == "out" and argument == listed[-1]:
            type_ = compiler.assignable(value, scope)
            scope.assigned.add(text(value))
            return Arguments(values, text(value), type_)
        else:
            raise unsupported(argument, "argument of this form")
    return Arguments(values)


def _converted(given: Arguments, method: Method) -> list[Typed] | None:
    """Return the arguments as the parameters have them; None if they do not fit."""
    further = len(given.values) - len(method.parameters)
    types = [*method.parameters, *([method.rest] if method.rest else []) * further]
    if len(types) != len(given.values) or method.out != given.out_type:
        return None
    converted = [
        operators.converted(value, type_, implicit(value.type, type_))
        for value, type_ in zip(given.values, types, strict=True)
    ]
    fitting = [value for value in converted if value is not None]
    return fitting if len(fitting) == len(types) else None


def _call(
    node: Node, method: Method | None, given: Arguments, what: str, receiver: Typed | None = None
) -> Typed:
    arguments = None if method is None else _converted(given, method)
    if method is None or arguments is None:
        types = [str(value.type) for value in given.values]
        types += [f"out {given.out_type}"] if given.out else []
        raise unsupported(node, f"{what} with ({', '.join(types)})")
    runs = [value.run for value in ([] if receiver is None else [receiver]) + arguments]

    def call(frame: Frame) -> object:
        values = [run(frame) for run in runs]
        if receiver is not None:
            present(values[0])
        result = method.call(*values)
        if given.out is None:
            return result
        returned, frame[given.out] = result
        return returned

    return Typed(method.returns, call)
