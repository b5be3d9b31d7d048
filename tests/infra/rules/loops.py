"""Loops stand where Bicep takes them, and functions that only work in some places there."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.expressions import (
    Array,
    Call,
    Expression,
    For,
    Literal,
    Property,
    parts,
    symbols,
    walk,
)
from tools.bicep.finding import Finding
from tools.bicep.frames import LOADERS, Tree
from tools.bicep.templates import Module, Parameter, Resource, Template, Variable

_OF_DEFAULTS = frozenset({"newGuid", "utcNow"})


def check_loops(tree: Tree) -> Iterator[Finding]:
    """Yield loops, and calls of some functions, that are not where they may be."""
    for template in tree.templates():
        for declaration in template.symbols.values():
            match declaration:
                case Resource() | Module():
                    yield from _misplaced(declaration.body, properties=True)
                    yield from _unnamed(declaration)
                    yield from _calls(declaration.value)
                case Variable(value=value):
                    yield from _misplaced(_outer(value), properties=False)
                    yield from _calls(value)
                case Parameter(default=value) if value:
                    yield from _misplaced(value, properties=False)
        for output in template.outputs.values():
            yield from _misplaced(_outer(output.value), properties=False)
            yield from _calls(output.value)
        yield from _secrets(template, tree)


def _outer(value: Expression) -> Expression:
    """Return what is in the loop that a value may be."""
    return value.body if isinstance(value, For) else value


def _misplaced(node: Expression, *, properties: bool) -> Iterator[Finding]:
    """Yield loops in an expression, but for those that are properties if these may be."""
    if isinstance(node, For):
        yield Finding(node.place, "no loop can be here: make it a variable, or use map()")
        return
    for part in parts(node):
        if not isinstance(part, Property):
            yield from _misplaced(part, properties=properties and isinstance(node, Array))
        elif properties:
            yield from _misplaced(_outer(part.value), properties=not isinstance(part.value, For))
        else:
            yield from _misplaced(part.value, properties=False)


def _unnamed(deployed: Resource | Module) -> Iterator[Finding]:
    """Yield what is deployed in a loop under one name."""
    name, loop = deployed.body.get("name"), deployed.loop
    if loop is None or name is None or (isinstance(deployed, Resource) and deployed.existing):
        return
    varied = [deployed.body.get(each) for each in ("name", "parent", "scope")]
    used = {each.name for expression in varied if expression for each in symbols(expression)}
    if not used & set(loop.names):
        text = f"each round of {deployed.name} has the same name: use {loop.names[0]} in it"
        yield Finding(deployed.place, text)


def _calls(value: Expression) -> Iterator[Finding]:
    for node in walk(value):
        match node:
            case Call(of=None, function=name) if name in _OF_DEFAULTS:
                text = f"{name}() works in the default of a parameter only: make it one"
                yield Finding(node.place, text)
            case Call(of=None, function=name, arguments=(path, *_)) if name in LOADERS and (
                not isinstance(path, Literal)
            ):
                yield Finding(
                    path.place, f"the file of {name}() is not a plain string: make it one"
                )


def _secrets(template: Template, tree: Tree) -> Iterator[Finding]:
    """Yield secrets of vaults that are not given to a secure parameter of a module."""
    right = set()
    for module in template.each(Module):
        if module.source.is_file():
            taken = tree.template(module.source).symbols
            for name, value in module.arguments.items():
                parameter = taken.get(name)
                if isinstance(parameter, Parameter) and parameter.secure:
                    right.add(id(value))
    values = [each.value for each in template.outputs.values()]
    values += [
        each.value
        for each in template.symbols.values()
        if isinstance(each, Variable | Resource | Module)
    ]
    for value in values:
        for node in walk(value):
            if isinstance(node, Call) and node.function == "getSecret" and id(node) not in right:
                text = "getSecret() is for secure parameters of modules only: give it to one"
                yield Finding(node.place, text)
