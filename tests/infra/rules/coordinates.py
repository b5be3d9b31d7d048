"""The vault's secret is the one that the functions read, with what they read in it."""

from __future__ import annotations

from collections.abc import Iterator

from qjobs.adapters.key_vault import REQUIRED, SECRET
from tests.infra.rules.settings import FUNCTIONS
from tools.bicep.deployed import Deployed, deployed, layers_with
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.values import Record, Unknown

_SECRETS = "Microsoft.KeyVault/vaults/secrets"


def check_coordinates(tree: Tree) -> Iterator[Finding]:
    """Yield layers whose functions would not find the workspace, and why."""
    for layer in layers_with(tree, *FUNCTIONS):
        found = [
            one for one in deployed(tree, _SECRETS, layer=layer) if one.texts("name") == {SECRET}
        ]
        if not found:
            text = f"the layer {layer} makes no secret {SECRET}: the functions read that one"
            yield Finding(Place(tree.root / "infra" / layer), text)
        for secret in found:
            members = _members(secret)
            for name in sorted(set(REQUIRED) - members):
                text = f"the secret {SECRET} has no {name}: qjobs/adapters/key_vault.py reads it"
                yield Finding(secret.place, text)


def _members(secret: Deployed) -> set[str]:
    """Return what is in the object that is written as text."""
    found: set[str] = set()
    for value in secret.at("properties", "value"):
        match value:
            case Unknown(bound=Bound(expression=Call(function="string", arguments=(written,)))):
                for inner in possible(Bound.of(written, value.bound.frame)):
                    found |= set(inner.members) if isinstance(inner, Record) else set()
    return found
