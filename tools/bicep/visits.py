"""Visitor of the expressions in a template, with the variables of loops and lambdas around each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.bicep.evaluation import iterations, possible
from tools.bicep.expressions import Call, Expression, For, Lambda, Property, parts, walk
from tools.bicep.frames import Bound, Frame, Tree
from tools.bicep.templates import Module, Parameter, Resource, Template, Variable
from tools.bicep.values import Sequential


def roots(template: Template) -> Iterator[Expression]:
    """Yield the outermost expressions of a template."""
    for declaration in template.symbols.values():
        match declaration:
            case Parameter(default=default, decorators=decorators):
                for call in decorators:
                    yield from call.arguments
                if default is not None:
                    yield default
            case Variable(value=value) | Resource(value=value) | Module(value=value):
                yield value
    for output in template.outputs.values():
        yield output.value


def loaded_files(tree: Tree) -> set[Path | None]:
    """Return the files whose content some template takes in."""
    return {
        tree.loaded(node)
        for template in tree.templates()
        for root in roots(template)
        for node in walk(root)
        if isinstance(node, Call)
    }


def everything(frame: Frame) -> Iterator[Bound]:
    """Yield every expression of a template; those in loops once for each round."""
    for root in roots(frame.template):
        yield from _below(Bound.of(root, frame))


def _below(bound: Bound) -> Iterator[Bound]:
    yield bound
    match bound.expression:
        case For(names=names, over=over, body=body):
            yield from _below(Bound.of(over, bound.frame))
            for inner, _ in iterations(names, over, bound.frame):
                yield from _below(Bound.of(body, inner))
        case Lambda(names=names, body=body):
            inner = bound.frame.inside(dict.fromkeys(names))
            yield from _below(Bound.of(body, inner))
        case Call(function="map" | "filter", arguments=(over, Lambda(names=names, body=body))):
            yield from _below(Bound.of(over, bound.frame))
            for value in possible(Bound.of(over, bound.frame)):
                for item in value.items if isinstance(value, Sequential) else ():
                    yield from _below(Bound.of(body, bound.frame.inside({names[0]: item})))
        case other:
            yield from _parts(other, bound.frame)


def _parts(node: Expression | Property, frame: Frame) -> Iterator[Bound]:
    for part in parts(node):
        if isinstance(part, Property):
            yield from _parts(part, frame)
        else:
            yield from _below(Bound.of(part, frame))
