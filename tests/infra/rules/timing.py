"""What decides what is deployed is known before anything is: names, conditions, loops, scopes."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.expressions import Call, Expression, For, Index, Member, Name, scoped
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.templates import Module, Resource, Template, Variable

_ALWAYS = frozenset({"apiVersion", "id", "name", "type"})
_NEVER = frozenset({"etag", "identity", "properties", "systemData"})
"""Members of a resource that only the service knows, or may change."""

_MEMBERS = ("name", "scope", "parent", "tags")
"""What has to be known of a resource; of a module, those of them that it has."""


def check_timing(tree: Tree) -> Iterator[Finding]:
    """Yield what needs a property of a resource, or an output, before either can be there."""
    for template in tree.templates():
        for declaration in template.symbols.values():
            match declaration:
                case Resource() | Module():
                    for what, expression in _decisive(declaration):
                        yield from _check(what, expression, template)
                case Variable(value=For(over=over, body=body)):
                    yield from _check("the loop of a variable", over, template)
                    yield from _check("what the loop of a variable makes", body, template)


def _decisive(deployed: Resource | Module) -> Iterator[tuple[str, Expression]]:
    if deployed.loop:
        yield "a loop", deployed.loop.over
    if deployed.condition:
        yield "a condition", deployed.condition
    for name in _MEMBERS:
        if value := deployed.body.get(name):
            yield f"{name} of {deployed.name}", value


def _check(what: str, expression: Expression, template: Template) -> Iterator[Finding]:
    for node, late in late_parts(expression, template):
        text = f"{what} has to be known before the deployment, {late} is not"
        yield Finding(node.place, f"{text}: compute it from parameters")


def late_parts(expression: Expression, template: Template) -> Iterator[tuple[Expression, str]]:
    """Yield the parts of an expression that only a deployment knows, and how to call them."""
    for node, local in scoped(expression):
        match node:
            case Name(name=name) if name not in local:
                found = template.symbols.get(name)
                if isinstance(found, Variable):
                    for _, late in late_parts(found.value, template):
                        yield node, f"{late} in {name}"
            case Member(of=of, name=name) | Call(of=Name() | Index() as of, function=name):
                deployed = _deployed(of, template, local)
                if deployed and _late(deployed, name):
                    yield node, f"{deployed.name}.{name}"
            case Call(of=None, function=name) if name == "reference" or name.startswith("list"):
                yield node, f"{name}()"


def _deployed(
    of: Expression, template: Template, local: frozenset[str]
) -> Resource | Module | None:
    match of:
        case Name(name=name) | Index(of=Name(name=name)) if name not in local:
            found = template.symbols.get(name)
            return found if isinstance(found, Resource | Module) else None
    return None


def _late(deployed: Resource | Module, name: str) -> bool:
    if isinstance(deployed, Module):
        return name == "outputs"
    if name in _ALWAYS:
        return False
    return name in _NEVER or deployed.existing or deployed.body.get(name) is None
