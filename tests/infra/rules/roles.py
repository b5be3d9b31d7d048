"""Who may do what: exactly the grants that are needed, under the roles' true ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible, resource_of
from tools.bicep.expressions import Interpolated, Literal, Object, Property, parts, walk
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.identities import canonical
from tools.bicep.templates import Variable
from tools.bicep.values import Scalar, Unknown
from tools.bicep.visits import roots

ROLES: Mapping[str, str] = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
    "19e7f393-937e-4f77-808e-94535e297925": "Storage Queue Data Reader",
    "8a0f0c08-91a1-4084-bc3d-661d67233fed": "Storage Queue Data Message Processor",
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": "Storage Queue Data Message Sender",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "12cf5a90-567b-43ae-8102-96cf46c7d9b4": "Web PubSub Service Owner",
    "bfb1c7d2-fb1a-466b-b2ba-aee63b92deaf": "Web PubSub Service Reader",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "c1410b24-3e69-4857-8f86-4d0a2e603250": "Quantum Workspace Data Contributor",
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "de139f84-1756-47ae-9be6-808fbbe84772": "Website Contributor",
}
"""Azure's built-in roles that are used here, or might be by mistake."""


class Grant(NamedTuple):
    """Somebody may do something with a resource."""

    principal: str
    role: str
    scope: str


_STORAGE = "Microsoft.Storage/storageAccounts"
_APP: frozenset[Grant] = frozenset(
    {
        # Records, inputs, results and blob index tags, which only an owner may write; the host's
        # leases and the deployment package.
        Grant("functions", "Storage Blob Data Owner", _STORAGE),
        # The work queues, with their poison queues, which the host makes.
        Grant("functions", "Storage Queue Data Contributor", _STORAGE),
        # Where the workspace is, and what the secrets of webhooks are derived from.
        Grant("functions", "Key Vault Secrets User", "Microsoft.KeyVault/vaults/secrets"),
        Grant("functions", "Quantum Workspace Data Contributor", "Microsoft.Quantum/workspaces"),
        # Outputs of the workspace are announced in one queue, where no private network is.
        Grant("events", "Storage Queue Data Message Sender", f"{_STORAGE}/queueServices/queues"),
        # Messages to clients of callers, and tokens for these.
        Grant("functions", "Web PubSub Service Owner", "Microsoft.SignalRService/webPubSub"),
        # Telemetry without an instrumentation key.
        Grant("functions", "Monitoring Metrics Publisher", "Microsoft.Insights/components"),
        Grant("gateway", "Monitoring Metrics Publisher", "Microsoft.Insights/components"),
        # Whether a job from outside succeeded.
        Grant("synthetic jobs", "Monitoring Metrics Publisher", "Microsoft.Insights/components"),
        # What the runbook looks at; in dev only.
        Grant("deployer", "Storage Blob Data Reader", _STORAGE),
        Grant("deployer", "Storage Queue Data Reader", _STORAGE),
    }
)
GRANTS: Mapping[str, frozenset[Grant]] = {
    "quantum": frozenset(
        {
            # The service manages the jobs' containers, and signs addresses of them.
            Grant("workspace", "Storage Account Contributor", _STORAGE),
            Grant("workspace", "Storage Blob Data Contributor", _STORAGE),
        }
    ),
    "app": _APP,
    # The host pulls its image, and nothing else may.
    "container": _APP | {Grant("functions", "AcrPull", "Microsoft.ContainerRegistry/registries")},
}
"""What each layer grants: no less, and no more."""

_HOLDERS = {
    "Microsoft.Web/sites": "functions",
    "Microsoft.App/containerApps": "functions",
    "Microsoft.ApiManagement/service": "gateway",
}
"""What a resource's user-assigned identity is called here."""

_GIVEN = {
    "Microsoft.EventGrid/systemTopics(parameter workspaceEventsTopic)"
    ".identity.principalId": "events",
    "parameter deployerPrincipalId": "deployer",
    "parameter syntheticPrincipalId": "synthetic jobs",
}
"""Who has a principal id that a deployment is given."""

_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check_roles(tree: Tree) -> Iterator[Finding]:
    """Yield grants that are missing, that nobody needs, and ids of other roles than they say."""
    yield from _names(tree)
    for layer in tree.layers():
        found: dict[Grant, Place] = {}
        holders = _holders(tree, layer.name)
        for assignment in deployed(tree, _ASSIGNMENTS, layer=layer.name):
            for grant in _grants(assignment, holders):
                found.setdefault(grant, assignment.place)
        needed = GRANTS.get(layer.name, frozenset())
        for grant in sorted(found.keys() - needed):
            text = f"{grant.principal} has {grant.role} on {grant.scope}"
            yield Finding(found[grant], f"{text}: nobody needs that, remove it")
        for grant in sorted(needed - found.keys()):
            text = f"{grant.principal} has not {grant.role} on {grant.scope}"
            yield Finding(Place(layer.template.path), f"{text}: add a role assignment")


def _grants(assignment: Deployed, holders: Mapping[str, str]) -> Iterator[Grant]:
    scope = assignment.written("scope")
    found = resource_of(scope) if scope else None
    kind = found[0].kind if found else "a whole resource group"
    for role in _roles(assignment):
        for value in assignment.at("properties", "principalId"):
            if isinstance(value, Scalar) and not value.value:
                continue  # nobody, for whom the condition makes no assignment
            who = canonical(value.bound) if isinstance(value, Unknown) else str(value)
            yield Grant(holders.get(who, who), ROLES.get(role, f"the unknown role {role}"), kind)


def _roles(assignment: Deployed) -> set[str]:
    """Return the ids in the role definition, through whatever builds the resource id of it."""
    found = set()
    for value in assignment.at("properties", "roleDefinitionId"):
        if isinstance(value, Scalar):
            found |= {match[0] for match in _GUID.finditer(str(value.value))}
        elif isinstance(value, Unknown):
            for part in walk(value.bound.expression):
                for inner in possible(Bound.of(part, value.bound.frame)):
                    if isinstance(inner, Scalar):
                        found |= {match[0] for match in _GUID.finditer(str(inner.value))}
    return found or {"that is not said here"}


def _holders(tree: Tree, layer: str) -> Mapping[str, str]:
    """Return who has which principal id: the texts of the ids, each with the name used here."""
    found = dict(_GIVEN)
    for each in deployed(tree, layer=layer):
        if each.kind == "Microsoft.Quantum/workspaces":
            found[f"{each.identity}.identity.principalId"] = "workspace"
        holder = _HOLDERS.get(each.kind)
        given = each.written("identity")
        if holder is None or given is None:
            continue
        for node in walk(given.expression):
            for property_ in node.properties if isinstance(node, Object) else ():
                if isinstance(property_.key, Interpolated):
                    key = canonical(Bound.of(property_.key, given.frame))
                    principal = f"{key.removesuffix('.id')}.properties.principalId"
                    found[principal] = holder
    return found


def _names(tree: Tree) -> Iterator[Finding]:
    """Yield ids of roles under another role's name."""
    ids = {_squeezed(name): guid for guid, name in ROLES.items()}
    for template in tree.templates():
        named: list[tuple[str, Literal]] = [
            (each.name, each.value)
            for each in template.each(Variable)
            if isinstance(each.value, Literal)
        ]
        named += [
            (str(part.key), part.value)
            for root in roots(template)
            for node in walk(root)
            for part in parts(node)
            if isinstance(part, Property) and isinstance(part.value, Literal)
        ]
        for name, literal in named:
            text = str(literal.value)
            if not _GUID.fullmatch(text):
                continue
            wanted = ids.get(_squeezed(name))
            if wanted is not None and wanted != text:
                yield Finding(literal.place, f"{name} has the id {wanted}: write that")
            elif wanted is None and text in ROLES:
                role = ROLES[text]
                yield Finding(literal.place, f"{text} is {role}: name it so, not {name}")


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower()).removesuffix("roleid").removesuffix("role")
