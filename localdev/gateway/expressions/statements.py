"""Compiles statements, and checks that every path returns a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from localdev.gateway.expressions.compiler import Compiler
from localdev.gateway.expressions.errors import EvaluationError, UnsupportedValueError
from localdev.gateway.expressions.scope import Frame, Scope
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
    if len(runs) == 1:
        return Statement(runs[0], returns)

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
    type_node, declarator = _pair(only(node))
    name, implied = field(declarator, "name"), type_node.type == "implicit_type"
    if scope.has(text(name)):
        raise error(name, f"there is a {text(name)} already")
    type_ = None if implied else compiler.type_named(type_node)
    if len(declarator.named_children) == 1:
        if type_ is None:
            raise error(node, "a variable without a type needs a value")
        scope.declare(text(name), type_)
        return _NOTHING
    value_node = declarator.named_children[-1]
    # It can be seen in its own value already, but has none there.
    local = None if type_ is None else scope.declare(text(name), type_)
    value = compiler.expression(value_node, scope)
    if local is None:
        if value.type is NULL:
            raise error(node, "null has no type")
        local = scope.declare(text(name), value.type)
    run = compiler.converted(value, local.type, node).run
    local.assigned = True
    return _assign(local.place, run)


def _pair(declaration: Node) -> tuple[Node, Node]:
    if len(declaration.named_children) != 2:  # noqa: PLR2004 - type and variable
        raise unsupported(declaration, "declaration of several variables")
    return declaration.named_children[0], declaration.named_children[1]


def _assignment(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `name = value;`."""
    assigned = only(node)
    if assigned.type != "assignment_expression":
        raise unsupported(assigned, "statement of this form")
    if text(field(assigned, "operator")) != "=":
        raise unsupported(assigned, "assignment of this form")
    local = compiler.assignable(field(assigned, "left"), scope)
    value = compiler.expression(field(assigned, "right"), scope)
    run = compiler.converted(value, local.type, assigned).run
    local.assigned = True
    return _assign(local.place, run)


def _if(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `if` with its branches."""
    value = compiler.expression(field(node, "condition"), scope)
    condition = compiler.converted(value, BOOL, node).run
    alternative = node.child_by_field_name("alternative")
    yes, no, returns = _either(compiler, field(node, "consequence"), alternative, scope)
    return Statement(lambda frame: yes(frame) if condition(frame) else no(frame), returns)


def _try(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile `try { ... } catch { ... }`."""
    body, *clauses = node.named_children
    if [clause.type for clause in clauses] != ["catch_clause"]:
        raise unsupported(node, "try of this form")
    tried, caught, returns = _either(compiler, body, only(clauses[0]), scope)

    def run(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
        try:
            return tried(frame)
        except UnsupportedValueError:
            raise
        except EvaluationError:
            return caught(frame)

    return Statement(run, returns)


def _either(
    compiler: Compiler, one: Node, other: Node | None, scope: Scope
) -> tuple[Callable[[Frame], Any], Callable[[Frame], Any], bool]:
    """Compile two branches; return also whether both certainly return."""
    before = scope.assigned()
    first = _branch(compiler, one, scope)
    after_first = scope.assigned()
    scope.restore(before)
    second = _NOTHING if other is None else _branch(compiler, other, scope)
    # What a branch that returns has assigned matters to nobody.
    if second.returns:
        scope.restore(after_first)
    elif not first.returns:
        scope.restore(after_first & scope.assigned())
    return first.run, second.run, first.returns and second.returns


def _branch(compiler: Compiler, node: Node, scope: Scope) -> Statement:
    """Compile a branch; its assignments to outer variables are kept."""
    if node.type == "local_declaration_statement":
        raise error(node, "a declaration needs braces around it")
    return block(compiler, node.named_children if node.type == "block" else [node], scope.inner())


def _assign(place: int, run: Callable[[Frame], Any]) -> Statement:
    def assign(frame: Frame) -> Any:  # noqa: ANN401 - as every statement
        frame[place] = run(frame)
        return _CONTINUES

    return Statement(assign)


HANDLERS: dict[str, Callable[[Compiler, Node, Scope], Statement]] = {
    "expression_statement": _assignment,
    "if_statement": _if,
    "local_declaration_statement": _declaration,
    "return_statement": _return,
    "try_statement": _try,
}
