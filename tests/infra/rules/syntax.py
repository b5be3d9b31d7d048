"""Every file can be read by every tool that reads it: the compiler, checkov, and these checks."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.expressions import Conditional, Expression, Lambda, Literal, walk
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.visits import roots


def check_syntax(tree: Tree) -> Iterator[Finding]:
    """Yield what cannot be parsed, and what only the compiler can."""
    for template in tree.templates():
        yield from template.findings
        for root in roots(template):
            for node in walk(root):
                yield from _for_checkov(node)


def _for_checkov(node: Expression) -> Iterator[Finding]:
    match node:
        case Lambda(names=names) if len(names) > 1:
            text = "checkov cannot read a lambda of two arguments"
            yield Finding(node.place, f"{text}: use one of one, such as of toObject()")
        case Conditional(condition=condition, then=then) if (
            node.otherwise != Literal(None, place=node.place)
            and condition.place.line != then.place.line
        ):
            yield Finding(node.place, "checkov cannot read a ternary over lines: write it on one")
