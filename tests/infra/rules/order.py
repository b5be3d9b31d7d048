"""What is named in a text, or looked for at the start, is there before.

Policies name values, fragments and backends in their text, and a named value a backend; the
functions start by looking for their storage. Bicep concludes nothing from either.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.rules.gateway import (
    BACKENDS,
    FRAGMENTS,
    NAMED_VALUES,
    OPERATION_POLICIES,
    backend_choices,
)
from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree
from tools.bicep.order import follows
from tools.bicep.values import Record, Scalar, Sequential

_API_POLICIES = "Microsoft.ApiManagement/service/apis/policies"
_SITE = "Microsoft.Web/sites"
_ENDPOINT = "Microsoft.Network/privateEndpoints"


def check_order(tree: Tree) -> Iterator[Finding]:
    """Yield what may be deployed before what it needs."""
    for policy in deployed(tree, _API_POLICIES, OPERATION_POLICIES):
        for named in deployed(tree, NAMED_VALUES, FRAGMENTS, BACKENDS, layer=policy.layer):
            if not follows(policy, named, tree):
                text = f"the policy may be deployed before {named.resource.name}, which it needs"
                yield Finding(policy.place, f"{text}: add that, or its module, to dependsOn")
    choices = backend_choices(tree)
    for value in deployed(tree, NAMED_VALUES) if choices else ():
        for backend in deployed(tree, BACKENDS, layer=value.layer):
            if value.texts("name") & choices and not follows(value, backend, tree):
                text = f"the named value may name {backend.resource.name} before it is there"
                yield Finding(value.place, f"{text}: add that to dependsOn")
    for site in deployed(tree, _SITE):
        for endpoint in deployed(tree, _ENDPOINT, layer=site.layer):
            if _group(endpoint) != {"sites"} and not follows(site, endpoint, tree):
                text = f"the functions may start before they reach {', '.join(_group(endpoint))}"
                yield Finding(site.place, f"{text}: add the private endpoint to dependsOn")


def _group(endpoint: Deployed) -> set[str]:
    """Return what of a service a private endpoint leads to."""
    return {
        str(group.value)
        for connections in endpoint.at("properties", "privateLinkServiceConnections")
        for connection in (connections.items if isinstance(connections, Sequential) else ())
        for about in possible(connection)
        for properties in (
            possible(about.members["properties"]) if isinstance(about, Record) else ()
        )
        for groups in (
            possible(properties.members["groupIds"]) if isinstance(properties, Record) else ()
        )
        for item in (groups.items if isinstance(groups, Sequential) else ())
        for group in possible(item)
        if isinstance(group, Scalar)
    }
