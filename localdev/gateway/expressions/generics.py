"""Methods with a type argument: `As<T>`, `GetValueOrDefault<T>`, `Value<T>`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions import values
from localdev.gateway.expressions.context_members import BODY, VARIABLES, key
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.scope import Frame, Scope, Typed, present
from localdev.gateway.expressions.sequences import SEQUENCES
from localdev.gateway.expressions.syntax import text
from localdev.gateway.expressions.types import (
    BYTE,
    JARRAY,
    JOBJECT,
    JTOKEN,
    OBJECT,
    STRING,
    Type,
    array,
    default,
    explicit,
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
    """Return what compiles a call of a method of a type, if its types depend on the call."""
    method = text(name.named_children[0]) if name.type == "generic_name" else text(name)
    if type_.name in {"array", "IEnumerable"}:
        return SEQUENCES.get(text(name))
    return _METHODS.get((type_, method))


def _type_argument(compiler: Compiler, node: Node) -> Type | None:
    function = compiler.field(node, "function")
    if function.type == "conditional_access_expression":
        function = function.named_children[-1]
    name = compiler.field(function, "name")
    if name.type != "generic_name":
        return None
    return compiler.type_named(compiler.source.only(name.named_children[-1]))


def _variable(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    given = compiler.arguments(node, scope)
    if not 1 <= len(given) <= 2:  # noqa: PLR2004 - name and default
        raise compiler.error(node, "GetValueOrDefault takes a name and a default")
    name = compiler.converted(given[0], STRING, node).run
    type_ = _type_argument(compiler, node) or (given[1].type if len(given) > 1 else None)
    cast = None if type_ is None else explicit(OBJECT, type_)
    if type_ is None or cast is None:
        raise compiler.error(node, "GetValueOrDefault needs a type")
    nothing = default(type_)
    otherwise = Typed(type_, lambda _: nothing)
    if len(given) > 1:
        otherwise = compiler.converted(given[1], type_, node)
    run, fallback = receiver.run, otherwise.run

    def read(frame: Frame) -> object:
        variables, wanted, value = run(frame), key(name(frame)), fallback(frame)
        return cast(variables[wanted]) if wanted in variables else value

    return Typed(type_, read)


def _body(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    del scope
    listed = compiler.field(node, "arguments").named_children
    if ["".join(text(one).split()) for one in listed] not in (["preserveContent:true"], ["true"]):
        # Otherwise the body would be gone for whoever reads it next.
        raise compiler.error(node, "As needs the argument preserveContent: true")
    type_ = _type_argument(compiler, node)
    reader = None if type_ is None else _READERS.get(type_)
    if type_ is None or reader is None:
        raise compiler.error(node, "a body cannot be read as this type")
    body: Callable[[Frame], Any] = present(receiver)
    return Typed(type_, lambda frame: reader(body(frame)))


def _value(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    given = compiler.arguments(node, scope)
    type_ = _type_argument(compiler, node)
    convert = None if type_ is None else explicit(JTOKEN, type_)
    if type_ is None or convert is None or len(given) != 1:
        raise compiler.error(node, "Value needs a type that tokens convert to, and a name")
    name, of = compiler.converted(given[0], STRING, node).run, present(receiver)
    nothing = default(type_)

    def read(frame: Frame) -> object:
        token: Any = of(frame)
        value: values.JToken | None = token.item(name(frame))
        if value is None or (value.json is None and type_.nullable and type_ != JTOKEN):
            return nothing
        try:
            return convert(value)
        except EvaluationError as error:
            # Where a cast says that the argument is wrong, this says that the cast is.
            if error.name != "ArgumentException":
                raise
            raise EvaluationError("InvalidCastException", f"The value is no {type_}.") from error

    return Typed(type_, read)


_METHODS: Mapping[tuple[Type, str], Special] = {
    (VARIABLES, "GetValueOrDefault"): _variable,
    (BODY, "As"): _body,
    (JTOKEN, "Value"): _value,
    (JOBJECT, "Value"): _value,
}
