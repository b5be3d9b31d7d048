"""Methods whose types depend on how they are called: LINQ, `As<T>`, `GetValueOrDefault<T>`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions import values
from localdev.gateway.expressions.context_members import BODY, VARIABLES
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.scope import Frame, Scope, Typed, present
from localdev.gateway.expressions.syntax import field, named, text
from localdev.gateway.expressions.types import (
    BOOL,
    BYTE,
    INT,
    JARRAY,
    JOBJECT,
    JTOKEN,
    NULL,
    OBJECT,
    STRING,
    Type,
    array,
    explicit,
    sequence,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler

type Special = Callable[[Compiler, Typed, Node, Scope], Typed]

_READERS: Mapping[Type, Callable[[bytes], Any]] = {
    STRING: lambda body: body.decode(errors="replace"),
    array(BYTE): list,
    JTOKEN: lambda body: values.parse(body.decode(errors="replace")),
    JOBJECT: lambda body: values.parse(body.decode(errors="replace"), dict),
    JARRAY: lambda body: values.parse(body.decode(errors="replace"), list),
}


def find(type_: Type, name: Node) -> Special | None:
    """Return what compiles a call of a method of a type, if it is one of these."""
    method = text(name.named_children[0]) if name.type == "generic_name" else text(name)
    if type_ == VARIABLES and method == "GetValueOrDefault":
        return _variable
    if type_ == BODY and method == "As":
        return _body
    if type_.name in {"array", "IEnumerable"}:
        return _SEQUENCES.get(method)
    return None


def _type_argument(compiler: Compiler, node: Node) -> Type | None:
    name = field(field(node, "function"), "name")
    if name.type != "generic_name":
        return None
    (listed,) = [child for child in name.named_children if child.type == "type_argument_list"]
    types = named(compiler.source, listed)
    if len(types) != 1:
        raise compiler.error(name, "one type argument is needed")
    return compiler.type_named(types[0])


def _arguments(compiler: Compiler, node: Node) -> list[Node]:
    return named(compiler.source, field(node, "arguments"))


def _variable(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    listed = _arguments(compiler, node)
    if not 1 <= len(listed) <= 2:  # noqa: PLR2004 - name and default
        raise compiler.error(node, "GetValueOrDefault takes a name and a default")
    given = [compiler.expression(argument.named_children[-1], scope) for argument in listed]
    name = compiler.converted(given[0], STRING, listed[0]).run
    type_ = _type_argument(compiler, node) or (given[1].type if len(given) > 1 else None)
    cast = None if type_ is None else explicit(OBJECT, type_)
    if type_ is None or cast is None:
        raise compiler.error(node, "GetValueOrDefault needs a type")
    if len(given) > 1:
        default = compiler.converted(given[1], type_, listed[1]).run
    elif type_.nullable:
        default = Typed(NULL, lambda _: None).run
    else:
        raise compiler.error(node, f"GetValueOrDefault needs a default of type {type_}")
    run = receiver.run

    def read(frame: Frame) -> object:
        variables, wanted = run(frame), name(frame)
        return cast(variables[wanted]) if wanted in variables else default(frame)

    return Typed(type_, read)


def _body(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    del scope
    listed = [text(argument).replace(" ", "") for argument in _arguments(compiler, node)]
    if listed not in (["preserveContent:true"], ["true"]):
        # Otherwise the body would be gone for whoever reads it next.
        raise compiler.error(node, "As needs the argument preserveContent: true")
    type_ = _type_argument(compiler, node)
    reader = None if type_ is None else _READERS.get(type_)
    if type_ is None or reader is None:
        raise compiler.error(node, "a body cannot be read as this type")
    body: Callable[[Frame], Any] = present(receiver)
    return Typed(type_, lambda frame: reader(body(frame)))


def _predicate(
    compiler: Compiler, of: Type, argument: Node, scope: Scope
) -> tuple[int, Typed, Node]:
    """Compile a lambda of one parameter; return the parameter's place, the body, and its node."""
    function = argument.named_children[-1]
    if function.type != "lambda_expression":
        raise compiler.error(argument, "a lambda is needed here")
    parameter, body = field(function, "parameters"), field(function, "body")
    inner = scope.inner()
    local = inner.declare(text(parameter), of, assigned=True)
    return local.place, compiler.expression(body, inner), body


def _quantified(reduce: Callable[[Iterable[bool]], bool]) -> Special:
    def compiled(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
        listed = _arguments(compiler, node)
        if reduce is any and not listed:
            items = _items(receiver)
            return Typed(BOOL, lambda frame: bool(items(frame)))
        filtered = _filtered(compiler, receiver, node, scope)
        return Typed(BOOL, lambda frame: reduce(holds for _, holds in filtered(frame)))

    return compiled


def _items(receiver: Typed) -> Callable[[Frame], list[Any]]:
    run = receiver.run

    def items(frame: Frame) -> list[Any]:
        value: list[Any] | None = run(frame)
        if value is None:
            raise EvaluationError("ArgumentNullException", "Value cannot be null.")
        return value

    return items


def _filtered(
    compiler: Compiler, receiver: Typed, node: Node, scope: Scope
) -> Callable[[Frame], Iterable[tuple[Any, bool]]]:
    listed = _arguments(compiler, node)
    if len(listed) != 1 or receiver.type.of is None:
        raise compiler.error(node, "this takes one lambda")
    place, predicate, body = _predicate(compiler, receiver.type.of, listed[0], scope)
    holds, items = compiler.converted(predicate, BOOL, body).run, _items(receiver)

    def pairs(frame: Frame) -> Iterable[tuple[Any, bool]]:
        for item in items(frame):
            frame[place] = item
            yield item, holds(frame)

    return pairs


def _where(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    filtered = _filtered(compiler, receiver, node, scope)
    of = receiver.type.of or OBJECT
    return Typed(sequence(of), lambda frame: [item for item, holds in filtered(frame) if holds])


def _contains(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    listed = _arguments(compiler, node)
    of = receiver.type.of
    if len(listed) != 1 or of is None:
        raise compiler.error(node, "Contains takes one value")
    wanted = compiler.converted(
        compiler.expression(listed[0].named_children[-1], scope), of, listed[0]
    ).run
    items = _items(receiver)
    return Typed(BOOL, lambda frame: wanted(frame) in items(frame))


def _plain(of: Callable[[Type], Type], compute: Callable[[list[Any]], Any]) -> Special:
    def compiled(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
        del scope
        if _arguments(compiler, node):
            raise compiler.error(node, "this takes no arguments")
        items = _items(receiver)
        return Typed(of(receiver.type.of or OBJECT), lambda frame: compute(items(frame)))

    return compiled


def _first(items: list[Any]) -> Any:  # noqa: ANN401 - an element
    if not items:
        raise EvaluationError("InvalidOperationException", "Sequence contains no elements")
    return items[0]


_SEQUENCES: Mapping[str, Special] = {
    "All": _quantified(all),
    "Any": _quantified(any),
    "Contains": _contains,
    "Count": _plain(lambda _: INT, len),
    "First": _plain(lambda of: of, _first),
    "ToArray": _plain(array, list),
    "Where": _where,
}
