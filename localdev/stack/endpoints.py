"""Base addresses and credentials of the servers of a running stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localdev.identity.directory import FUNCTIONS, FUNCTIONS_AUDIENCE, GATEWAY, object_id
from localdev.identity.tokens import LIFETIME, Issuer
from localdev.stack.facts import StackFacts

_WORKSPACE_AUDIENCE = "https://quantum.microsoft.com"


@dataclass(frozen=True, slots=True)
class Access:
    """A base address with the headers of a caller."""

    url: str
    """Base address of the API, without a slash at the end."""
    headers: Mapping[str, str]
    """What every request carries."""


def access_to(facts: StackFacts, caller: str = "alice", seconds: int = LIFETIME) -> Access:
    """Return how *caller* calls a stack: through its gateway, or its functions if it has none.

    The token is valid for so many *seconds*; who goes on for longer asks again.
    """
    if "gateway" not in facts:
        functions = facts["functions"]
        return Access(f"{functions['url']}/api", {"x-functions-key": functions["key"]})
    issuer = issuer_of(facts)
    claims = issuer.user_claims(caller)
    token = issuer.sign({**claims, "exp": claims["iat"] + seconds})
    return Access(facts["gateway"]["url"], {"authorization": f"Bearer {token}"})


def issuer_of(facts: StackFacts) -> Issuer:
    """Return the issuer of a stack's tokens, able to sign.

    Raises:
        OSError: its key cannot be read.

    """
    identity = facts["identity"]
    return Issuer.from_pem(identity["tenant"], Path(identity["signingKeyFile"]).read_bytes())


def workspace_of(facts: StackFacts) -> Access:
    """Return how the functions call the workspace of a stack: with its key, or a token."""
    workspace = facts["workspace"]
    if "apiKey" in workspace:
        return Access(workspace["url"], {"x-ms-quantum-api-key": workspace["apiKey"]})
    issuer = issuer_of(facts)
    token = issuer.sign(issuer.managed_identity_claims(FUNCTIONS, _WORKSPACE_AUDIENCE))
    return Access(workspace["url"], {"authorization": f"Bearer {token}"})


def gateway_to(facts: StackFacts, caller: str = "alice") -> Access:
    """Return how the gateway itself calls the functions for *caller*: what it adds can be told."""
    issuer = issuer_of(facts)
    claims = issuer.managed_identity_claims(GATEWAY, FUNCTIONS_AUDIENCE)
    headers = {
        "authorization": f"Bearer {issuer.sign(claims)}",
        "x-caller-id": f"{issuer.tenant}:{object_id(caller)}",
    }
    return Access(f"{facts['functions']['url']}/api", headers)
