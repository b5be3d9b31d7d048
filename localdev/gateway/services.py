"""Dependencies of policies besides the request: backends, token validation, identities, state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from azure.identity.aio import ManagedIdentityCredential

from localdev.gateway.cache import Cache
from localdev.gateway.context import Context, Response
from localdev.gateway.counters import Counters


class Forwarder(Protocol):
    """Forwards requests to a backend."""

    async def send(self, context: Context, seconds: int) -> Response:
        """Forward the request and return the response, if it comes within *seconds*.

        Raises:
            BackendError: there is none.

        """


class Validator(Protocol):
    """Validates access tokens."""

    async def validate(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a valid token.

        Raises:
            TokenError: it is not valid.

        """


class Identities(Protocol):
    """Returns access tokens of the gateway's managed identities."""

    async def token(self, resource: str, client: str) -> str:
        """Return an access token.

        Args:
            resource: application ID URI for which it is
            client: client id of the identity

        """


class ManagedIdentities:
    """Access tokens of the gateway's managed identities, from the managed identity endpoint.

    Where that is stands in the environment: IDENTITY_ENDPOINT and IDENTITY_HEADER. The SDK keeps
    the tokens until they are about to expire.
    """

    def __init__(self) -> None:
        self._credentials: dict[str, ManagedIdentityCredential] = {}

    async def token(self, resource: str, client: str) -> str:
        """Return an access token.

        Raises:
            azure.core.exceptions.ClientAuthenticationError: there is no such identity.

        """
        if client not in self._credentials:
            self._credentials[client] = ManagedIdentityCredential(client_id=client)
        token = await self._credentials[client].get_token(f"{resource}/.default")
        return str(token.token)

    async def aclose(self) -> None:
        """Close the connections."""
        for credential in self._credentials.values():
            await credential.close()


@dataclass(frozen=True, slots=True)
class Services:
    """Dependencies that policies are compiled with."""

    backends: Mapping[str, Forwarder]
    validator: Callable[[str, Sequence[str]], Validator]
    """Makes what validates tokens, given a tenant and the audiences."""
    tokens: Identities
    counters: Counters = field(default_factory=Counters)
    cache: Cache = field(default_factory=Cache)
    running: Counter[str] = field(default_factory=Counter)
    """Requests within a `limit-concurrency`, by its key."""
