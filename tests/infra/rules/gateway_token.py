"""Functions that anybody can reach believe the gateway's token, and no header of the platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.infra.rules.settings import settings
from tools.bicep.deployed import deployed
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree

_APP = "Microsoft.App/containerApps"
_NEEDED: Mapping[str, str] = {
    "QJOBS_GATEWAY_PRINCIPAL_ID": "the gateway's identity",
    "QJOBS_GATEWAY_TOKEN_AUDIENCE": "the audience of its token",
    "QJOBS_GATEWAY_TOKEN_METADATA": "the address of the keys of its issuer",
}
"""Settings without which a stranger at the ingress could be the gateway, and what they say."""


def check_gateway_token(tree: Tree) -> Iterator[Finding]:
    """Yield container apps in which the functions do not check the token, or not alone."""
    guarded = {each.parent for each in deployed(tree, f"{_APP}/authConfigs")}
    for app in deployed(tree, _APP):
        given = settings(app, tree)
        for name in sorted(_NEEDED.keys() - given.keys()):
            text = f"{_NEEDED[name]} is not set: whoever reaches the ingress could be the gateway"
            yield Finding(app.place, f"{text}; add {name}")
        if trusted := given.get("WEBSITE_AUTH_ENABLED"):
            text = "the ingress passes on headers that only a platform may set: leave out"
            yield Finding(trusted.place, f"{text} WEBSITE_AUTH_ENABLED")
        if app.identity not in guarded:
            text = "nothing but the functions keeps strangers out: add authConfigs 'current'"
            yield Finding(app.place, text)
