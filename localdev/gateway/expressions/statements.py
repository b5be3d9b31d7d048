"""Compiles statements, and checks that every path returns a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.errors import EvaluationError, UnsupportedValueError
from localdev.gateway.expressions.scope import Frame, Scope, Typed
from localdev.gateway.expressions.syntax import error, field, only, text, unsupported, words
from localdev.gateway.expressions.types import BOOL, NULL

_CONTINUES = object()
"""What a statement gives that does not return."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement: `run` returns `_CONTINUES` or the value of a `return`."""

    run: Callable[[Frame], Any]
    returns: bool = False
    """Whether it certainly returns."""


_NOTHING = Statement(lambda _: _CONTINUES)


def block(compiler: Compiler, nodes: Sequence[Node], scope: Scope) -> Statement:
    """Compile statements one after the other.

    Raises:
        ExpressionError: one of them is not understood, or can never be reached.

    """
    runs: list[Callable[[Frame], Any]] = []
    returns = False
    for node in nodes:
        if returns:
            raise unsupported(node, "this can never be reached")
        handler = HANDLERS.get(node.type)
        if handler is None:
            raise unsupported(node, words(node))
        statement = handler(compiler, node, scope)
        runs.append(statement.run)
        returns = statement.returns

    def run(frame: Frame) -> Any:  # noqa: ANN401 - what is returned
        for step in runs:
            value = step(frame)
            if value is not _CONTINUES:
                return value
        return _CONTINUES

    return Statement(run, returns)


def _return(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `return value;`."""
    value = compiler.expression(only(node), scope)
    return Statement(compiler.converted(value, compiler.returned, node).run, returns=True)


def _declaration(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `Type name;`, `Type name = value;` and `var name = value;`."""
    declared = only(node).named_children
    if len(declared) != 2:  # noqa: PLR2004 - type and variable
        raise unsupported(node, "declaration of several variables")
    type_node, declarator = declared
    name, implied = text(field(declarator, "name")), type_node.type == "implicit_type"
    if name in scope.taken:
        raise unsupported(declarator, f"there is a {name} already", "another name")
    if len(declarator.named_children) == 1:
        if implied:
            raise error(node, "a variable without a type needs a value")
        scope.declare(name, compiler.type_named(type_node))
        return _NOTHING
    value = compiler.expression(declarator.named_children[-1], scope)
    if implied and value.type is NULL:
        raise error(node, "null has no type")
    type_ = value.type if implied else compiler.type_named(type_node)
    scope.declare(name, type_)
    return _assign(name, compiler.converted(value, type_, node), scope)


def _assignment(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `name = value;`."""
    assigned = only(node)
    if assigned.type != "assignment_expression":
        raise unsupported(assigned, "statement of this form")
    if text(field(assigned, "operator")) != "=":
        raise unsupported(assigned, "assignment of this form")
    target = field(assigned, "left")
    type_ = compiler.assignable(target, scope)
    value = compiler.expression(field(assigned, "right"), scope)
    return _assign(text(target), compiler.converted(value, type_, assigned), scope)


def _assign(name: str, value: Typed, scope: Scope) -> Statement:
    scope.assigned.add(name)

    def assign(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
        frame[name] = value.run(frame)
        return _CONTINUES

    return Statement(assign)


def _if(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `if` with its branches."""
    value = compiler.expression(field(node, "condition"), scope)
    condition = compiler.converted(value, BOOL, node).run
    yes = _branch(compiler, field(node, "consequence"), scope)
    alternative = node.child_by_field_name("alternative")
    no = _NOTHING if alternative is None else _branch(compiler, alternative, scope)
    return Statement(
        lambda frame: (yes if condition(frame) else no).run(frame), yes.returns and no.returns
    )


def _try(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `try { ... } catch { ... }`."""
    body, *clauses = node.named_children
    if [clause.type for clause in clauses] != ["catch_clause"]:
        raise unsupported(node, "try of this form")
    tried = _branch(compiler, body, scope)
    caught = _branch(compiler, only(clauses[0]), scope)

    def run(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
        try:
            return tried.run(frame)
        except UnsupportedValueError:
            raise
        except EvaluationError:
            return caught.run(frame)

    return Statement(run, tried.returns and caught.returns)


def _branch(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile a branch, which may not run."""
    if node.type == "local_declaration_statement":
        raise error(node, "a declaration needs braces around it")
    return block(compiler, node.named_children if node.type == "block" else [node], scope.inner())


HANDLERS: dict[str, Callable[[Compiler, Node, Scope], Statement]] = {
    "expression_statement": _assignment,
    "if_statement": _if,
    "local_declaration_statement": _declaration,
    "return_statement": _return,
    "try_statement": _try,
}
