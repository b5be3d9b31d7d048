"""No keys, no secrets, nothing open that need not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.bicep.deployed import Deployed, deployed
from tools.bicep.expressions import Call, Expression, Member, Name, walk
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.templates import Module, Parameter, Resource, Template
from tools.bicep.values import Scalar
from tools.bicep.visits import roots


class Rule(NamedTuple):
    """A property that must have one value, whatever the parameters."""

    kind: str
    property: str
    value: str
    """As Bicep writes it."""
    reason: str


_STORAGE = "Microsoft.Storage/storageAccounts"
_CONTAINER = f"{_STORAGE}/blobServices/containers"
_LOGS = "Microsoft.OperationalInsights/workspaces"
_TELEMETRY = "Microsoft.Insights/components"
_VAULT = "Microsoft.KeyVault/vaults"
_QUANTUM = "Microsoft.Quantum/workspaces"
_SITE = "Microsoft.Web/sites"
_PUBLISHING = f"{_SITE}/basicPublishingCredentialsPolicies"
_REGISTRY = "Microsoft.ContainerRegistry/registries"
_FIREWALL = "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"
_ROUTE = "Microsoft.Cdn/profiles/afdEndpoints/routes"

RULES = (
    Rule(_STORAGE, "allowSharedKeyAccess", "false", "identities replace keys"),
    Rule(_STORAGE, "allowBlobPublicAccess", "false", "no blob is for everybody"),
    Rule(_STORAGE, "supportsHttpsTrafficOnly", "true", "tokens need TLS"),
    Rule(_STORAGE, "minimumTlsVersion", "'TLS1_2'", "older versions are broken"),
    Rule(_CONTAINER, "publicAccess", "'None'", "no blob is for everybody"),
    Rule(_TELEMETRY, "DisableLocalAuth", "true", "its connection string is a secret otherwise"),
    Rule(_LOGS, "features.disableLocalAuth", "true", "identities replace keys"),
    Rule(_VAULT, "enableRbacAuthorization", "true", "access policies grant too much"),
    Rule(_QUANTUM, "apiKeyEnabled", "false", "identities replace keys"),
    Rule(_SITE, "httpsOnly", "true", "tokens need TLS"),
    Rule(_PUBLISHING, "allow", "false", "deployment is by identity"),
    Rule(_REGISTRY, "adminUserEnabled", "false", "images are pulled by identity"),
    Rule(_FIREWALL, "policySettings.mode", "'Prevention'", "Detection blocks nothing"),
    Rule(_FIREWALL, "policySettings.enabledState", "'Enabled'", "it lets everything through"),
    Rule(_FIREWALL, "policySettings.logScrubbing.state", "'Enabled'", "its log quotes requests"),
    Rule(_ROUTE, "forwardingProtocol", "'HttpsOnly'", "tokens need TLS"),
)

_SECRET_NAME = re.compile(
    r"(password|secret|accesskey|apikey|sharedkey|connectionstring)$", re.IGNORECASE
)
_SECRET_MEMBER = re.compile(r"(connectionstring|primarykey|secondarykey|password)$", re.IGNORECASE)
NO_SECRETS = frozenset({_TELEMETRY})
"""Resources whose connection string is an address: local authentication is off."""


def check_safety(tree: Tree) -> Iterator[Finding]:
    """Yield what is less safe than it could be."""
    for rule in RULES:
        for each in deployed(tree, rule.kind):
            yield from _rule(each, rule)
    for account in deployed(tree, _STORAGE):
        if any(
            not isinstance(v, Scalar) or v.value for v in account.at("properties", "isHnsEnabled")
        ):
            text = "isHnsEnabled must be off: blob index tags do not work with it"
            yield Finding(account.place, text)
    for route in deployed(tree, _ROUTE):
        if route.at("properties", "cacheConfiguration"):
            text = "the route caches answers, which belong to their callers"
            yield Finding(route.place, f"{text}: leave cacheConfiguration out")
    for site in deployed(tree, _SITE):
        yield from _publishing(site, tree)
    for template in tree.templates():
        yield from _secrets(template, tree)


def _rule(each: Deployed, rule: Rule) -> Iterator[Finding]:
    remedy = f"write {rule.property}: {rule.value}, {rule.reason}"
    values = each.at("properties", *rule.property.split("."))
    if not values:
        yield Finding(each.place, f"{rule.property} is not set: {remedy}")
    for value in values:
        if not isinstance(value, Scalar) or _shown(value.value) != rule.value:
            yield Finding(value.place, f"{rule.property} is not always {rule.value}: {remedy}")


def _shown(value: str | int | bool | None) -> str:
    return repr(value).lower() if isinstance(value, bool) else repr(value)


def _publishing(site: Deployed, tree: Tree) -> Iterator[Finding]:
    names = {
        name
        for each in deployed(tree, _PUBLISHING)
        if each.parent == site.identity
        for name in each.texts("name")
    }
    for name in sorted({"ftp", "scm"} - names):
        text = f"nothing switches basic publishing by {name} off"
        yield Finding(site.place, f"{text}: add basicPublishingCredentialsPolicies '{name}'")


def _secrets(template: Template, tree: Tree) -> Iterator[Finding]:
    for root in roots(template):
        for node in walk(root):
            if isinstance(node, Call) and node.function.startswith(("list", "getSecret")):
                text = f"{node.function}() reads a secret: use an identity instead"
                yield Finding(node.place, text)
    for parameter in template.each(Parameter):
        if _SECRET_NAME.search(parameter.name) and not parameter.secure:
            if "insights" in parameter.name.lower():
                continue
            text = f"the parameter {parameter.name} looks like a secret"
            yield Finding(parameter.place, f"{text}: decorate it with @secure(), or do without it")
    for output in template.outputs.values():
        for node in walk(output.value):
            if _secret(node, template, tree):
                text = f"the output {output.name} holds a secret: outputs are kept in plain text"
                yield Finding(output.place, f"{text}, remove it")


def _secret(node: Expression, template: Template, tree: Tree) -> bool:
    match node:
        case Name(name=name):
            found = template.symbols.get(name)
            return isinstance(found, Parameter) and found.secure
        case Member(of=of, name=name) if _SECRET_MEMBER.search(name):
            symbols = [
                template.symbols.get(each.name) for each in walk(of) if isinstance(each, Name)
            ]
            return not any(
                (isinstance(each, Resource) and each.kind in NO_SECRETS)
                or (isinstance(each, Module) and not _secret_output(each, name, tree))
                for each in symbols
            )
    return False


def _secret_output(module: Module, name: str, tree: Tree) -> bool:
    """Return whether an output of a module holds a secret, or is not there."""
    inner = tree.template(module.source) if module.source.is_file() else None
    output = inner.outputs.get(name) if inner else None
    if inner is None or output is None:
        return True
    return any(_secret(node, inner, tree) for node in walk(output.value))
