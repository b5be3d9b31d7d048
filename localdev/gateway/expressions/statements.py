"""Compiles statements, and checks that every path returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.scope import Frame, Scope
from localdev.gateway.expressions.syntax import field, named, text, words
from localdev.gateway.expressions.types import NULL, Type

if TYPE_CHECKING:
    from tree_sitter import Node

_GOES_ON = object()
"""What a statement gives that does not return."""

type Run = Callable[[Frame], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement: `run` gives `_GOES_ON` or the value that is returned."""

    run: Run
    returns: bool
    """Whether it certainly returns."""


class Statements:
    """Compiles the statements of one source, which return one type."""

    def __init__(self, compiler: Compiler, returned: Type) -> None:
        self._compiler = compiler
        self._returned = returned

    def block(self, nodes: Sequence[Node], scope: Scope) -> Statement:
        """Compile statements one after the other.

        Raises:
            ExpressionError: one of them is not understood, or can never be reached.

        """
        runs: list[Run] = []
        returns = False
        for node in nodes:
            if returns:
                raise self._compiler.error(node, "this can never be reached")
            statement = self._statement(node, scope)
            runs.append(statement.run)
            returns = statement.returns
        if len(runs) == 1:
            return Statement(runs[0], returns)

        def run(frame: Frame) -> Any:  # noqa: ANN401 - what is returned
            for step in runs:
                value = step(frame)
                if value is not _GOES_ON:
                    return value
            return _GOES_ON

        return Statement(run, returns)

    def _statement(self, node: Node, scope: Scope) -> Statement:
        handler = _HANDLERS.get(node.type)
        if handler is None:
            raise self._compiler.error(node, f"a {words(node)} is not supported")
        return handler(self, node, scope)

    def _inner_block(self, node: Node, scope: Scope) -> Statement:
        return self.block(named(self._compiler.source, node), scope.inner())

    def _return(self, node: Node, scope: Scope) -> Statement:
        values = named(self._compiler.source, node)
        if len(values) != 1:
            raise self._compiler.error(node, "a value has to be returned")
        value = self._compiler.expression(values[0], scope)
        return Statement(self._compiler.converted(value, self._returned, node).run, returns=True)

    def _declaration(self, node: Node, scope: Scope) -> Statement:
        (declaration,) = named(self._compiler.source, node)
        type_node = field(declaration, "type")
        declarators = [
            child
            for child in named(self._compiler.source, declaration)
            if child.type == "variable_declarator"
        ]
        runs = [self._declarator(type_node, one, scope) for one in declarators]

        def run(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
            for step in runs:
                step(frame)
            return _GOES_ON

        return Statement(run, returns=False)

    def _declarator(self, type_node: Node, node: Node, scope: Scope) -> Run:
        compiler, name = self._compiler, text(field(node, "name"))
        if name in scope.locals or name == "context":
            raise compiler.error(node, f"there is a {name} already")
        values = named(compiler.source, node)[1:]
        implied = type_node.type == "implicit_type"
        if not values:
            if implied:
                raise compiler.error(node, "a variable without a type needs a value")
            scope.declare(name, compiler.type_named(type_node), assigned=False)
            return lambda _: None
        value = compiler.expression(values[0], scope)
        if implied and value.type is NULL:
            raise compiler.error(node, "null has no type")
        type_ = value.type if implied else compiler.type_named(type_node)
        run = compiler.converted(value, type_, node).run
        place = scope.declare(name, type_, assigned=True).place

        def assign(frame: Frame) -> None:
            frame[place] = run(frame)

        return assign

    def _expression_statement(self, node: Node, scope: Scope) -> Statement:
        (expression,) = named(self._compiler.source, node)
        if expression.type == "invocation_expression":
            run = self._compiler.expression(expression, scope).run

            def call(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
                run(frame)
                return _GOES_ON

            return Statement(call, returns=False)
        if expression.type != "assignment_expression":
            raise self._compiler.error(expression, "this is no statement")
        return self._assignment(expression, scope)

    def _assignment(self, node: Node, scope: Scope) -> Statement:
        compiler, target = self._compiler, field(node, "left")
        local = scope.locals.get(text(target))
        sign = field(node, "operator") if node.child_by_field_name("operator") else node.children[1]
        if local is None or text(sign) != "=":
            raise compiler.error(node, "only `variable = value` is supported")
        value = compiler.expression(field(node, "right"), scope)
        run = compiler.converted(value, local.type, node).run
        local.assigned = True
        place = local.place

        def assign(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
            frame[place] = run(frame)
            return _GOES_ON

        return Statement(assign, returns=False)

    def _if(self, node: Node, scope: Scope) -> Statement:
        condition = self._compiler.condition(field(node, "condition"), scope)
        before = scope.assigned()
        first = self._branch(field(node, "consequence"), scope)
        after_first = scope.assigned()
        scope.restore(before)
        alternative = node.child_by_field_name("alternative")
        if alternative is None:
            scope.restore(before)
            yes = first.run
            return Statement(
                lambda frame: yes(frame) if condition(frame) else _GOES_ON, returns=False
            )
        second = self._branch(alternative, scope)
        after_second = scope.assigned()
        # What a branch that returns has assigned matters to nobody.
        if first.returns:
            scope.restore(after_second)
        elif second.returns:
            scope.restore(after_first)
        else:
            scope.restore(after_first & after_second)
        yes, no = first.run, second.run
        return Statement(
            lambda frame: yes(frame) if condition(frame) else no(frame),
            returns=first.returns and second.returns,
        )

    def _branch(self, node: Node, scope: Scope) -> Statement:
        """Compile a branch; what it assigns to variables outside stays known."""
        nodes = named(self._compiler.source, node) if node.type == "block" else [node]
        inner = Scope(dict(scope.locals), scope.places)
        return self.block(nodes, inner)

    def _foreach(self, node: Node, scope: Scope) -> Statement:
        compiler = self._compiler
        items = compiler.expression(field(node, "right"), scope)
        if items.type.name not in {"array", "IEnumerable"} or items.type.of is None:
            raise compiler.error(node, f"{items.type} has no items to go through")
        type_node = field(node, "type")
        if type_node.type != "implicit_type" and compiler.type_named(type_node) != items.type.of:
            raise compiler.error(type_node, f"the items are of type {items.type.of}")
        before = scope.assigned()
        inner = scope.inner()
        place = inner.declare(text(field(node, "left")), items.type.of, assigned=True).place
        body, run = self._branch(field(node, "body"), inner).run, items.run
        scope.restore(before)

        def loop(frame: Frame) -> Any:  # noqa: ANN401 - what is returned
            for item in run(frame):
                frame[place] = item
                value = body(frame)
                if value is not _GOES_ON:
                    return value
            return _GOES_ON

        return Statement(loop, returns=False)


type Handler = Callable[[Statements, Node, Scope], Statement]

_HANDLERS: Mapping[str, Handler] = {
    "block": Statements._inner_block,  # noqa: SLF001 - the class above
    "expression_statement": Statements._expression_statement,  # noqa: SLF001
    "foreach_statement": Statements._foreach,  # noqa: SLF001
    "if_statement": Statements._if,  # noqa: SLF001
    "local_declaration_statement": Statements._declaration,  # noqa: SLF001
    "return_statement": Statements._return,  # noqa: SLF001
}
