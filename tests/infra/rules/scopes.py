"""What is deployed goes where it can be, and below what it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.expressions import Call, Expression, For, Index, Literal, Name
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.statements import every
from tools.bicep.templates import Module, Resource, Template

_GROUPS = "Microsoft.Resources/resourceGroups"
_SCOPES = ("resourceGroup", "subscription", "managementGroup", "tenant")
_ANYWHERE = (
    "Microsoft.Authorization/",
    "Microsoft.Consumption/budgets",
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.Resources/",
)
"""How types begin that are not only for resource groups."""


def check_scopes(tree: Tree) -> Iterator[Finding]:
    """Yield scopes and parents that do not fit."""
    for template in tree.templates():
        yield from _written(template)
        for resource in template.each(Resource):
            yield from _resource(resource, template)
        for module in template.each(Module):
            if module.source.is_file():
                yield from _module(module, template, tree.template(module.source))


def _written(template: Template) -> Iterator[Finding]:
    for statement in every(template.statements):
        if statement.keyword == "targetScope" and template.scope not in _SCOPES:
            text = f"there is no scope {template.scope}: it is one of {', '.join(_SCOPES)}"
            yield Finding(statement.place, text)
        if isinstance(statement.value, For):
            for nested in statement.nested:
                text = f"{nested.name} is nested in a loop: write it beside, with parent"
                yield Finding(nested.place, text)


def _resource(resource: Resource, template: Template) -> Iterator[Finding]:
    for name in ("scope", "parent"):
        value = resource.body.get(name)
        if isinstance(value, Literal):
            yield Finding(value.place, f"{name} is a value, not a resource: name one")
    yield from _parent(resource, template)
    if resource.parent or resource.existing or resource.body.get("scope"):
        return
    if resource.kind == _GROUPS and template.scope == "resourceGroup":
        text = "a resource group is deployed to a subscription: set targetScope"
        yield Finding(resource.place, text)
    elif template.scope == "subscription" and not resource.kind.startswith(_ANYWHERE):
        text = f"{resource.kind} is deployed to a resource group, not to a subscription"
        yield Finding(resource.place, f"{text}: put it in a module")


def _parent(resource: Resource, template: Template) -> Iterator[Finding]:
    written = resource.body.get("parent")
    if written is None:
        return
    name = resource.body.get("name")
    if isinstance(name, Literal) and "/" in str(name.value):
        yield Finding(name.place, "the name has a slash although there is a parent: end it before")
    above = _named(written, template)
    wanted = resource.kind.rpartition("/")[0]
    if isinstance(above, Resource) and above.kind.lower() != wanted.lower():
        text = f"the parent of {resource.kind} is a {wanted}, not a {above.kind}"
        yield Finding(written.place, f"{text}: name one")


def _named(written: Expression, template: Template) -> Resource | Module | None:
    match written:
        case Name(name=name) | Index(of=Name(name=name)):
            found = template.symbols.get(name)
            return found if isinstance(found, Resource | Module) else None
    return None


def _module(module: Module, template: Template, used: Template) -> Iterator[Finding]:
    written = module.body.get("scope")
    given = _scope(written, template) if written else template.scope
    if given is not None and given != used.scope and not used.findings:
        text = f"{module.source.name} is deployed to a {used.scope}, not to a {given}"
        yield Finding(written.place if written else module.place, f"{text}: correct scope")


def _scope(written: Expression, template: Template) -> str | None:
    """Return the kind of a scope, None where it cannot be told."""
    match written:
        case Call(of=None, function=function) if function in _SCOPES:
            return function
    found = _named(written, template)
    return "resourceGroup" if isinstance(found, Resource) and found.kind == _GROUPS else None
