"""Modules exist, get what they need and no more, and are read only for what they return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.bicep.assignments import believed, suggestion
from tools.bicep.deployed import frames
from tools.bicep.evaluation import possible, uses
from tools.bicep.expressions import Index, Member, Name
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Frame, Tree
from tools.bicep.reads import kind
from tools.bicep.templates import Module, Parameter
from tools.bicep.values import Scalar
from tools.bicep.visits import everything
from tools.bicep.written import ANY

_MEMBERS = frozenset({"name", "scope", "params", "dependsOn", "identity"})


def check_modules(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong between a module and the template that uses it."""
    reached = set()
    for layer in tree.layers():
        for frame in frames(layer):
            reached.add(frame.template.path)
            for module in frame.template.each(Module):
                yield from _check(module, frame)
            yield from _outputs(frame)
    for template in tree.templates():
        if template.path not in reached:
            text = "no layer (a main.bicep in a folder of infra/) uses this template: remove it"
            yield Finding(Place(template.path), text)


def _check(module: Module, frame: Frame) -> Iterator[Finding]:
    if not module.source.is_file():
        yield Finding(module.place, f"there is no file {module.source.name}: correct the path")
        return
    for each in module.body.properties:
        if each.key not in _MEMBERS:
            hint = suggestion(str(each.key), sorted(_MEMBERS))
            yield Finding(each.place, f"a module has no {each.key}: {hint}")
    parameters = {each.name: each for each in frame.tree.template(module.source).each(Parameter)}
    yield from _names(module, parameters)
    for inner in uses(module, frame):
        for name, bound in inner.arguments.items():
            if name in parameters:
                yield from _fits(bound, parameters[name])


def _names(module: Module, parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    for name, value in module.arguments.items():
        if name not in parameters:
            hint = suggestion(name, list(parameters))
            text = f"{module.source.name} has no parameter {name}: {hint}"
            yield Finding(value.place, text)
    for name, parameter in parameters.items():
        if name not in module.arguments and not parameter.optional:
            text = f"{module.source.name} needs the parameter {name}: give it in params"
            given = module.body.get("params")
            yield Finding(given.place if given else module.place, text)


def _fits(bound: Bound, parameter: Parameter) -> Iterator[Finding]:
    wanted = parameter.type.kind
    allowed = [
        value.value
        for item in parameter.allowed or ()
        for value in possible(Bound.of(item, bound.frame))
        if isinstance(value, Scalar)
    ]
    for value in () if believed(bound) else possible(bound):
        found = kind(value)
        if wanted != ANY and found not in {wanted, ANY, "null"}:
            text = f"{parameter.name} is a {wanted}, not of kind {found}: give it a {wanted}"
            yield Finding(value.place, text)
        elif isinstance(value, Scalar) and allowed and value.value not in allowed:
            hint = suggestion(str(value.value), [str(each) for each in allowed])
            yield Finding(value.place, f"{value.value!r} is not allowed: {hint}")


def _outputs(frame: Frame) -> Iterator[Finding]:
    for bound in everything(frame):
        match bound.expression:
            case Member(
                of=Member(of=Name(name=symbol) | Index(of=Name(name=symbol)), name="outputs"),
                name=name,
            ) if isinstance(module := frame.template.symbols.get(symbol), Module):
                if not module.source.is_file():
                    continue
                known = frame.tree.template(module.source).outputs
                if name not in known:
                    hint = suggestion(name, list(known))
                    text = f"{module.source.name} has no output {name}: {hint}"
                    yield Finding(bound.place, text)
            case Member(of=Name(name=symbol), name=name) if isinstance(
                frame.template.symbols.get(symbol), Module
            ) and name not in {"name", "outputs"}:
                yield Finding(bound.place, f"a module has no {name}: read its outputs")
