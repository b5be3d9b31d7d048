"""Decorators stand where they mean something, with what they take."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.assignments import suggestion
from tools.bicep.expressions import Call, For, Literal, Object
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.functions import DECORATORS, LIMITED
from tools.bicep.statements import Statement, every
from tools.bicep.written import ANY


def check_decorators(tree: Tree) -> Iterator[Finding]:
    """Yield decorators that are none, that do not fit, or that contradict each other."""
    for template in tree.templates():
        for statement in every(template.statements):
            for call in statement.decorators:
                for problem in _problems(call, statement):
                    yield Finding(call.place, problem)
            yield from _crossed(statement)


def _problems(call: Call, statement: Statement) -> Iterator[str]:
    name = call.function
    if name not in DECORATORS:
        yield f"there is no decorator {name}: {suggestion(name, sorted(DECORATORS))}"
    elif statement.keyword not in DECORATORS[name]:
        yield f"@{name} does not go with {statement.keyword}: remove it"
    kinds = LIMITED.get(name)
    if kinds and statement.type and statement.type.kind not in kinds | {ANY}:
        shown = " or ".join(sorted(kinds))
        yield f"@{name} is for {shown}, not for {statement.type.kind}: remove it"
    match call:
        case Call(function="batchSize", arguments=(Literal(value=int(size)),)) if size < 1:
            yield f"batches of {size} are none: the least is 1"
        case Call(function="metadata", arguments=(argument,)) if not isinstance(argument, Object):
            yield "@metadata takes an object: write it in braces"
    if name == "batchSize" and not isinstance(statement.value, For):
        yield "@batchSize needs a loop: remove it"


def _crossed(statement: Statement) -> Iterator[Finding]:
    limits = {
        call.function: (argument.value, call)
        for call in statement.decorators
        for argument in call.arguments
        if isinstance(argument, Literal) and isinstance(argument.value, int)
    }
    for what in ("Length", "Value"):
        least, most = limits.get(f"min{what}"), limits.get(f"max{what}")
        if least and most and least[0] > most[0]:
            text = f"min{what} is more than max{what}: nothing is between them"
            yield Finding(least[1].place, text)
