"""Every symbol that is used is declared, and every one that is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.assignments import suggestion
from tools.bicep.expressions import Call, Expression, Name, scoped, walk
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.functions import FUNCTIONS
from tools.bicep.templates import Parameter, Resource, Template, Variable
from tools.bicep.visits import roots


def check_symbols(tree: Tree) -> Iterator[Finding]:
    """Yield what names nothing, what nothing names, and templates that no layer uses."""
    for template in tree.templates():
        for root in roots(template):
            yield from _undeclared(root, template)
        yield from _unused(template)


def _undeclared(root: Expression, template: Template) -> Iterator[Finding]:
    for node, local in scoped(root):
        match node:
            case Name(name=name, place=place) if name not in template.symbols.keys() | local:
                hint = suggestion(name, [*template.symbols, *local])
                yield Finding(place, f"{name} is not declared: {hint}")
            case Call(of=None, function=name, place=place) if name not in FUNCTIONS:
                hint = suggestion(name, sorted(FUNCTIONS))
                yield Finding(place, f"there is no function {name}: {hint}")


def _unused(template: Template) -> Iterator[Finding]:
    used = {node.name for root in roots(template) for node in walk(root) if isinstance(node, Name)}
    for name, declaration in template.symbols.items():
        existing = isinstance(declaration, Resource) and declaration.existing
        # What is nested in an existing resource uses it.
        parents = {each.parent for each in template.each(Resource)}
        if name in used or (existing and name in parents):
            continue
        if existing or isinstance(declaration, Parameter | Variable):
            yield Finding(declaration.place, f"{name} is never used: use it or remove it")
