"""Compiles statements, and checks that every path returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localdev.gateway.expressions import operations
from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.scope import Frame, Scope, present
from localdev.gateway.expressions.syntax import text, words
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


_NOTHING = Statement(lambda _: _GOES_ON, returns=False)


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
        return self.block(node.named_children, scope.inner())

    def _return(self, node: Node, scope: Scope) -> Statement:
        value = self._compiler.expression(self._compiler.source.only(node), scope)
        return Statement(self._compiler.converted(value, self._returned, node).run, returns=True)

    def _declaration(self, node: Node, scope: Scope) -> Statement:
        declaration = self._compiler.source.only(node)
        type_node, *declarators = declaration.named_children
        if type_node.type == "implicit_type" and len(declarators) > 1:
            raise self._compiler.error(node, "a variable without a type is declared alone")
        runs = [self._declarator(type_node, one, scope) for one in declarators]

        def run(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
            for step in runs:
                step(frame)
            return _GOES_ON

        return Statement(run, returns=False)

    def _declarator(self, type_node: Node, node: Node, scope: Scope) -> Run:
        compiler, name = self._compiler, self._compiler.field(node, "name")
        implied = type_node.type == "implicit_type"
        if len(node.named_children) == 1:
            if implied:
                raise compiler.error(node, "a variable without a type needs a value")
            compiler.declare(name, compiler.type_named(type_node), scope, assigned=False)
            return lambda _: None
        # It can be seen in its own value already, but has none there.
        local = None
        if not implied:
            local = compiler.declare(name, compiler.type_named(type_node), scope, assigned=False)
        value = compiler.expression(node.named_children[-1], scope)
        if implied and value.type is NULL:
            raise compiler.error(node, "null has no type")
        local = local or compiler.declare(name, value.type, scope, assigned=False)
        local.assigned = True
        run, place = compiler.converted(value, local.type, node).run, local.place

        def assign(frame: Frame) -> None:
            frame[place] = run(frame)

        return assign

    def _expression_statement(self, node: Node, scope: Scope) -> Statement:
        expression = self._compiler.source.only(node)
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
        compiler = self._compiler
        target = compiler.field(node, "left")
        local, sign = compiler.assignable(target, scope), text(compiler.field(node, "operator"))
        if sign not in {"=", "+=", "-="}:
            raise compiler.error(node, f"the operator {sign} is not supported")
        value = compiler.expression(compiler.field(node, "right"), scope)
        if sign != "=":
            value = compiler.operation(sign[0], compiler.expression(target, scope), value, node)
        run, place = compiler.converted(value, local.type, node).run, local.place
        local.assigned = True

        def assign(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
            frame[place] = run(frame)
            return _GOES_ON

        return Statement(assign, returns=False)

    def _if(self, node: Node, scope: Scope) -> Statement:
        compiler = self._compiler
        condition, if_true, if_false = operations.condition(
            compiler, compiler.field(node, "condition"), scope
        )
        scope.restore(if_true)
        first = self._branch(compiler.field(node, "consequence"), scope)
        after_first = scope.assigned()
        scope.restore(if_false)
        alternative = node.child_by_field_name("alternative")
        second = _NOTHING if alternative is None else self._branch(alternative, scope)
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
        if node.type == "local_declaration_statement":
            raise self._compiler.error(node, "a declaration needs braces around it")
        nodes = node.named_children if node.type == "block" else [node]
        return self.block(nodes, scope.inner())

    def _foreach(self, node: Node, scope: Scope) -> Statement:
        compiler = self._compiler
        items = compiler.expression(compiler.field(node, "right"), scope)
        if items.type.name not in {"array", "IEnumerable"} or items.type.of is None:
            raise compiler.error(node, f"{items.type} has no items to go through")
        type_node, of = compiler.field(node, "type"), items.type.of
        if type_node.type != "implicit_type" and compiler.type_named(type_node) != of:
            raise compiler.error(type_node, f"the items are of type {of}")
        before, inner = scope.assigned(), scope.inner()
        name = compiler.field(node, "left")
        place = compiler.declare(name, of, inner, assigned=True, fixed=True).place
        body, run = self._branch(compiler.field(node, "body"), inner).run, present(items)
        scope.restore(before)

        def loop(frame: Frame) -> Any:  # noqa: ANN401 - what is returned
            each: Any = run(frame)
            for item in each:
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
