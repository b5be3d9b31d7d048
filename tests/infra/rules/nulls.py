"""What can be null is not used as if it were there."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.expressions import (
    Call,
    Conditional,
    Expression,
    Index,
    Literal,
    Member,
    Name,
    Operation,
    scoped,
    walk,
)
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.functions import ANYTHING, FUNCTIONS
from tools.bicep.templates import Module, Parameter, Resource, Template, Variable
from tools.bicep.visits import roots
from tools.bicep.written import WrittenType

_ALWAYS = frozenset({"apiVersion", "id", "name", "type"})
"""What a resource or module has whether it is deployed or not."""


def check_nulls(tree: Tree) -> Iterator[Finding]:
    """Yield what is read of, or given as, something that can be null."""
    for template in tree.templates():
        for root in roots(template):
            for node, local in scoped(root):
                match node:
                    case (
                        Member(of=of, safe=False, sure=False) | Index(of=of, safe=False, sure=False)
                    ) if not _uses(of, local):
                        yield from _read(node, of, template)
                    case Call(of=None, function=name) as call if name in FUNCTIONS and not _uses(
                        call, local
                    ):
                        yield from _arguments(call, template)
        for output in template.outputs.values():
            if not output.type.nullable and nullable(output.value, template):
                text = f"the output {output.name} can be null, but not by its type"
                yield Finding(output.value.place, f"{text}: add ?? and a value, or ! if it is sure")
        for module in template.each(Module):
            if module.source.is_file():
                yield from _given(module, template, tree.template(module.source))


def _uses(expression: Expression, local: frozenset[str]) -> bool:
    """Tell whether an expression uses what a loop or lambda declares: nothing is written of it."""
    return any(isinstance(each, Name) and each.name in local for each in walk(expression))


def _read(node: Expression, of: Expression, template: Template) -> Iterator[Finding]:
    remedy = "read it by .? with ??, or by ! where the condition is the same"
    if isinstance(of, Name) and isinstance(node, Member):
        found = template.symbols.get(of.name)
        if (
            isinstance(found, Resource | Module)
            and found.condition
            and not found.loop
            and node.name not in _ALWAYS
        ):
            yield Finding(node.place, f"{of.name} is null where its condition is false: {remedy}")
    written = type_of(of, template)
    if written and written.nullable and not _short_circuited(of):
        yield Finding(
            node.place,
            f"what {node.name if isinstance(node, Member) else 'an item'} "
            f"is read of can be null: {remedy}",
        )


def _arguments(call: Call, template: Template) -> Iterator[Finding]:
    taken = FUNCTIONS[call.function]
    for argument, expression in zip(taken, call.arguments, strict=False):
        if not argument.kinds & {ANYTHING, "null"} and nullable(expression, template):
            text = f"what {call.function}() is given can be null, and it takes no null"
            yield Finding(expression.place, f"{text}: add ?? and a value, or ! if it is sure")


def _short_circuited(of: Expression) -> bool:
    """Tell whether a safe access before ends the whole chain."""
    while isinstance(of, Member | Index):
        if of.safe:
            return True
        of = of.of
    return False


def _given(module: Module, template: Template, used: Template) -> Iterator[Finding]:
    for name, value in module.arguments.items():
        parameter = used.symbols.get(name)
        if (
            isinstance(parameter, Parameter)
            and not parameter.optional
            and nullable(value, template)
        ):
            text = f"what {name} is given can be null, and it takes no null"
            yield Finding(value.place, f"{text}: add ?? and a value, or ! if it is sure")


def nullable(expression: Expression, template: Template) -> bool:
    """Tell whether an expression can be null by what is written of its types."""
    match expression:
        case Literal(value=None):
            return True
        case Conditional(then=then, otherwise=otherwise):
            return nullable(then, template) or nullable(otherwise, template)
        case Operation(operator="??", operands=(_, second)):
            return nullable(second, template)
        case Name(name=name):
            found = template.symbols.get(name)
            if isinstance(found, Variable):
                return nullable(found.value, template)
    written = type_of(expression, template)
    return written is not None and written.nullable


def type_of(expression: Expression, template: Template) -> WrittenType | None:
    """Return the type of a parameter, or of a member that its type names."""
    match expression:
        case Name(name=name):
            found = template.symbols.get(name)
            return found.type if isinstance(found, Parameter) else None
        case Member(of=of, name=name):
            above = type_of(of, template)
            return above.members.get(name) if above else None
        case Index(of=of):
            above = type_of(of, template)
            return above.item if above else None
    return None
