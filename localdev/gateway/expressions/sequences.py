"""LINQ: methods of arrays and of `IEnumerable`, whose types depend on the type of the elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.scope import Frame, Scope, Typed
from localdev.gateway.expressions.types import BOOL, INT, NULL, Type, array, default, sequence

if TYPE_CHECKING:
    from tree_sitter import Node

    from localdev.gateway.expressions.compiler import Compiler

type Items = Callable[[Frame], Iterable[Any]]
type Compiled = Callable[[Compiler, Typed, Node, Scope], Typed]


@dataclass(frozen=True, slots=True)
class Deferred:
    """An `IEnumerable` that is computed, item by item, each time that somebody goes through it."""

    start: Callable[[], Iterator[Any]]

    def __iter__(self) -> Iterator[Any]:
        return self.start()


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function of one parameter, which is in its place when the body runs."""

    place: int
    body: Typed


def _lambda(compiler: Compiler, of: Type, node: Node, scope: Scope) -> Lambda:
    parameters, body = compiler.field(node, "parameters"), compiler.field(node, "body")
    if parameters.type != "implicit_parameter" or len(node.named_children) != 2:  # noqa: PLR2004
        raise compiler.error(node, "a lambda has to be `name => value` here")
    before, inner = scope.assigned(), scope.inner()
    parameter = compiler.declare(parameters, of, inner, assigned=True)
    compiled = compiler.expression(body, inner)
    scope.restore(before)  # it may not be called
    return Lambda(parameter.place, compiled)


def _given(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Lambda | None:
    """Compile the argument of a call, if it has one: a lambda."""
    listed = compiler.field(node, "arguments").named_children
    if not listed:
        return None
    function = compiler.source.only(listed[0])
    if len(listed) > 1 or function.type != "lambda_expression":
        raise compiler.error(node, "this takes one lambda")
    return _lambda(compiler, receiver.type.of or NULL, function, scope)


def _items(receiver: Typed) -> Items:
    run = receiver.run

    def items(frame: Frame) -> Iterable[Any]:
        value: Iterable[Any] | None = run(frame)
        if value is None:
            raise EvaluationError("ArgumentNullException", "Value cannot be null.")
        return value

    return items


def _where(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Items:
    """Compile a call with a predicate, or without: the items that it is about."""
    items, predicate = _items(receiver), _given(compiler, receiver, node, scope)
    if predicate is None:
        return items
    place, holds = predicate.place, compiler.converted(predicate.body, BOOL, node).run

    def filtered(frame: Frame) -> Deferred:
        source = items(frame)

        def start() -> Iterator[Any]:
            for item in source:
                frame[place] = item
                if holds(frame):
                    yield item

        return Deferred(start)

    return filtered


def _select(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    items, function = _items(receiver), _given(compiler, receiver, node, scope)
    if function is None or function.body.type is NULL:
        raise compiler.error(node, "Select takes a lambda with a type")
    place, compute = function.place, function.body.run

    def selected(frame: Frame) -> Deferred:
        source = items(frame)

        def start() -> Iterator[Any]:
            for item in source:
                frame[place] = item
                yield compute(frame)

        return Deferred(start)

    return Typed(sequence(function.body.type), selected)


def _all(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    items, predicate = _items(receiver), _given(compiler, receiver, node, scope)
    if predicate is None:
        raise compiler.error(node, "All takes a lambda")
    place, holds = predicate.place, compiler.converted(predicate.body, BOOL, node).run

    def run(frame: Frame) -> bool:
        for item in items(frame):
            frame[place] = item
            if not holds(frame):
                return False
        return True

    return Typed(BOOL, run)


def _contains(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    given = compiler.arguments(node, scope)
    if len(given) != 1 or receiver.type.of is None:
        raise compiler.error(node, "Contains takes one value")
    items, wanted = _items(receiver), compiler.converted(given[0], receiver.type.of, node).run

    def run(frame: Frame) -> bool:
        source, value = items(frame), wanted(frame)
        return any(item == value for item in source)

    return Typed(BOOL, run)


def _reduced(of: Callable[[Type], Type], reduce: Callable[[Iterable[Any], Type], Any]) -> Compiled:
    """Return a method that computes one value of the items, or of those a predicate holds for."""

    def compiled(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
        element = receiver.type.of or NULL
        items = _where(compiler, receiver, node, scope)
        return Typed(of(element), lambda frame: reduce(items(frame), element))

    return compiled


def _filtered(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    if not compiler.field(node, "arguments").named_children:
        raise compiler.error(node, "Where takes a lambda")
    return Typed(sequence(receiver.type.of or NULL), _where(compiler, receiver, node, scope))


def _to_array(compiler: Compiler, receiver: Typed, node: Node, scope: Scope) -> Typed:
    if compiler.arguments(node, scope):
        raise compiler.error(node, "ToArray takes nothing")
    items = _items(receiver)
    return Typed(array(receiver.type.of or NULL), lambda frame: list(items(frame)))


def _first(items: Iterable[Any], _: Type) -> Any:  # noqa: ANN401 - an element
    for item in items:
        return item
    raise EvaluationError("InvalidOperationException", "Sequence contains no elements")


SEQUENCES: Mapping[str, Compiled] = {
    "All": _all,
    "Any": _reduced(lambda _: BOOL, lambda items, _: any(True for _ in items)),
    "Contains": _contains,
    "Count": _reduced(lambda _: INT, lambda items, _: sum(1 for _ in items)),
    "First": _reduced(lambda of: of, _first),
    "FirstOrDefault": _reduced(lambda of: of, lambda items, of: next(iter(items), default(of))),
    "Select": _select,
    "ToArray": _to_array,
    "Where": _filtered,
}
