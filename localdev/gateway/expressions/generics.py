"""Generic methods, `As<T>` and `GetValueOrDefault<T>`: one method per type argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tree_sitter import Node

from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.context_members import BODY, VARIABLES
from localdev.gateway.expressions.signatures import Method
from localdev.gateway.expressions.syntax import only, text
from localdev.gateway.expressions.types import BYTES, JOBJECT, OBJECT, STRING, Type, explicit
from localdev.gateway.expressions.values import not_null, parse_object

PRESERVED = Type("preserveContent: true")
"""The type of that argument, without which the body would be gone for whoever reads it next."""

READERS: dict[Type, Callable[[bytes], Any]] = {
    STRING: lambda body: body.decode(errors="replace"),
    BYTES: lambda body: body,
    JOBJECT: lambda body: parse_object(body.decode(errors="replace")),
}


def method(compiler: Compiler, receiver: Type, name: Node) -> Method | None:
    """Return the method for the type argument in its name.

    Raises:
        ExpressionError: the type is not known.

    """
    called, types = name.named_children
    made = METHODS.get((receiver, text(called)))
    return None if made is None else made(compiler.type_named(only(types)))


def _variable(type_: Type) -> Method | None:
    cast = explicit(OBJECT, type_)
    if cast is None:
        return None

    def read(variables: Mapping[str, Any], name: str | None, default: object) -> object:
        return cast(variables[str(name)]) if not_null(name) in variables else default

    return Method((STRING, type_), type_, read)


def _body(type_: Type) -> Method | None:
    reader = READERS.get(type_)
    if reader is None:
        return None
    return Method((PRESERVED,), type_, lambda body, _: reader(body))


METHODS: dict[tuple[Type, str], Callable[[Type], Method | None]] = {
    (VARIABLES, "GetValueOrDefault"): _variable,
    (BODY, "As"): _body,
}
