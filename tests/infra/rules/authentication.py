"""The platform admits the gateway alone, as it does on a laptop."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from localdev.stack.parts import AUTHENTICATION
from tools.bicep.assignments import suggestion
from tools.bicep.deployed import deployed
from tools.bicep.evaluation import possible
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.values import Record, Scalar, Sequential

_ENTRA = "identityProviders.azureActiveDirectory"
DEPLOYED_ONLY: Mapping[str, str] = {
    f"{_ENTRA}.enabled": "the platform has a switch for each provider",
    f"{_ENTRA}.registration.clientId": "the platform asks for the app registration",
}
"""Members that a laptop does not have, and why Azure needs them."""

COMPUTED = frozenset({"openIdIssuer", "allowedAudiences", "allowedApplications", "identities"})
"""Members whose values only a deployment knows."""


def check_authentication(tree: Tree) -> Iterator[Finding]:
    """Yield where authsettingsV2 is not what `make up` runs with."""
    found = [
        each
        for each in deployed(tree, "Microsoft.Web/sites/config")
        if each.texts("name") == {"authsettingsV2"}
    ]
    for site in deployed(tree, "Microsoft.Web/sites"):
        if not any(each.parent == site.identity for each in found):
            text = "nothing authenticates who calls these functions: add config 'authsettingsV2'"
            yield Finding(site.place, text)
    for each in found:
        for value in each.at("properties"):
            if isinstance(value, Record):
                yield from _object(value, AUTHENTICATION, "")


def _object(value: Record, wanted: Mapping[str, object], path: str) -> Iterator[Finding]:
    for name, item in value.members.items():
        inner = f"{path}.{name}".removeprefix(".")
        if name in wanted:
            yield from _member(item, wanted[name], inner)
        elif inner not in DEPLOYED_ONLY:
            hint = suggestion(name, list(wanted))
            text = f"localdev/stack/parts.py has no {inner} in AUTHENTICATION"
            yield Finding(item.place, f"{text}: {hint}, or add it there")
    for name in sorted(wanted.keys() - value.members.keys()):
        text = f"{path}.{name}".removeprefix(".")
        yield Finding(value.place, f"{text} is missing: localdev/stack/parts.py has it")


def _member(item: Bound, wanted: object, path: str) -> Iterator[Finding]:
    for value in possible(item):
        if path.rpartition(".")[2] in COMPUTED:
            yield from _one_item(value.place, value, wanted, path)
        elif isinstance(value, Record) and isinstance(wanted, dict):
            yield from _object(value, wanted, path)
        else:
            found = _constant(item)
            if found != [wanted]:
                shown = json.dumps(wanted)
                yield Finding(value.place, f"{path} is not {shown}, as in localdev/stack/parts.py")


def _one_item(place: Place, value: object, wanted: object, path: str) -> Iterator[Finding]:
    if isinstance(wanted, list) and not (
        isinstance(value, Sequential) and len(value.items) == len(wanted)
    ):
        yield Finding(place, f"{path} has not exactly {len(wanted)} item: the gateway's alone")


def _constant(item: Bound) -> Sequence[object]:
    """Return the plain values that an expression can have."""
    found: list[object] = []
    for value in possible(item):
        match value:
            case Scalar(value=scalar):
                found.append(scalar)
            case Sequential(items=items):
                found.append([each for item in items for each in _constant(item)])
            case _:
                found.append(...)
    return found
