"""Defaults of parameters, and what modules are given, are within the limits that decorators set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tools.bicep.expressions import Expression, Literal, Name
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.ranges import length, number
from tools.bicep.templates import Module, Parameter, Template

_LENGTHS = {"minLength": "shorter", "maxLength": "longer"}
_SIZES = {"minValue": "less", "maxValue": "more"}


def check_limits(tree: Tree) -> Iterator[Finding]:
    """Yield values, as they are written, that Azure would refuse before it makes anything."""
    for template in tree.templates():
        for parameter in template.each(Parameter):
            yield from _check(parameter, parameter.default, f"the default of {parameter.name}")
        for module in template.each(Module):
            if module.source.is_file():
                parameters = {one.name: one for one in tree.template(module.source).each(Parameter)}
                for name in module.arguments.keys() & parameters.keys():
                    given = module.arguments[name]
                    yield from _check(parameters[name], given, f"what {name} is given")
                    yield from _promised(parameters[name], given, template)


def _check(parameter: Parameter, given: Expression | None, what: str) -> Iterator[Finding]:
    if isinstance(given, Literal):
        for problem in _problems(parameter, given.value):
            yield Finding(given.place, f"{what} {problem}")


def _promised(parameter: Parameter, given: Expression, template: Template) -> Iterator[Finding]:
    """Yield where what is given may be beyond the limits, by what is promised of it."""
    if isinstance(given, Literal):
        return
    for measure, least, most in (
        (length, "minLength", "maxLength"),
        (number, "minValue", "maxValue"),
    ):
        can = measure(given, template)
        wanted = measure(Name(parameter.name, place=given.place), _alone(parameter, template))
        text = f"what {parameter.name} is given can be"
        if wanted.least is not None and can.least is not None and can.least < wanted.least:
            yield Finding(given.place, f"{text} {can.least}, less than @{least}({wanted.least})")
        if wanted.most is not None and can.most is not None and can.most > wanted.most:
            yield Finding(given.place, f"{text} {can.most}, more than @{most}({wanted.most})")


def _alone(parameter: Parameter, template: Template) -> Template:
    return replace(template, symbols={parameter.name: parameter})


def _problems(parameter: Parameter, value: str | float | bool | None) -> Iterator[str]:
    for call in parameter.decorators:
        decorator, limit = call.function, next(iter(call.arguments), None)
        bound = limit.value if isinstance(limit, Literal) else None
        if not isinstance(bound, int):
            continue
        if isinstance(value, str) and decorator in _LENGTHS:
            size, word = len(value), _LENGTHS[decorator]
        elif isinstance(value, int) and decorator in _SIZES:
            size, word = value, _SIZES[decorator]
        else:
            continue
        if size < bound if decorator.startswith("min") else size > bound:
            yield f"is {word} than @{decorator}({bound}): change one of them"
