"""Policies are deployed after what they name: API Management refuses them otherwise.

They name values, fragments and backends in their text, from which Bicep concludes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.bicep.deployed import deployed
from tests.infra.bicep.finding import Finding
from tests.infra.bicep.frames import Tree
from tests.infra.bicep.order import follows
from tests.infra.rules.gateway import BACKENDS, FRAGMENTS, NAMED_VALUES, OPERATION_POLICIES

_API_POLICIES = "Microsoft.ApiManagement/service/apis/policies"


def check_order(tree: Tree) -> Iterator[Finding]:
    """Yield policies that may be deployed before what they name."""
    for policy in deployed(tree, _API_POLICIES, OPERATION_POLICIES):
        for named in deployed(tree, NAMED_VALUES, FRAGMENTS, BACKENDS, layer=policy.layer):
            if not follows(policy, named, tree):
                text = f"the policy may be deployed before {named.resource.name}, which it needs"
                yield Finding(policy.place, f"{text}: add that, or its module, to dependsOn")
