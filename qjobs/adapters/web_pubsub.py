"""The channel to callers over Azure Web PubSub: addresses for clients, and messages to them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qjobs.adapters import client_options
from qjobs.adapters.azure_errors import transient
from qjobs.domain.errors import ChannelUnavailableError
from qjobs.domain.event import JobEvent
from qjobs.ports import ChannelAddress, Clock
from qjobs.settings import ChannelSettings

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

HUB = "qjobs"
PROTOCOL = "json.reliable.webpubsub.azure.v1"
"""The subprotocol in which a message is not lost while a line is cut for a moment."""
_LIFETIME = timedelta(minutes=60)
_SOURCE = "qjobs"
"""Of the events, as a relative reference: the public address of the API is not known here."""


@dataclass(frozen=True)
class WebPubSub:
    """The `Channel` and `Announcements` over Azure Web PubSub.

    The user of a client is the owner key of a caller, which says nothing of the person. Its SDK is
    imported when first used: jobs of callers without a channel do not pay for it.
    """

    settings: ChannelSettings
    identity_client_id: str | None
    """Of a user-assigned identity; None is the system-assigned one."""
    clock: Clock
    way: str = "channel"
    lasts: timedelta | None = _LIFETIME

    async def address(self, owner: str) -> ChannelAddress:
        """Return an address with a token that has no roles and no groups: its user only hears.

        Raises:
            ChannelUnavailableError: the service does not answer, or refuses.

        """
        now = self.clock.now()
        minutes = int(_LIFETIME.total_seconds()) // 60
        with _errors():
            token = await self._client.get_client_access_token(
                user_id=owner, minutes_to_expire=minutes
            )
        return ChannelAddress(str(token["url"]), PROTOCOL, now + _LIFETIME)

    async def tell(self, event: JobEvent) -> None:
        """Send an event to the clients of its owner, of which there may be none.

        Raises:
            ChannelUnavailableError: the service does not answer, or refuses.

        """
        with _errors():
            await self._client.send_to_user(
                event.owner, event.document(_SOURCE), content_type="application/json"
            )

    async def close(self) -> None:
        """Close the client and the credential."""
        for name in ("_client", "_credential"):
            if name in self.__dict__:
                await self.__dict__[name].close()

    @cached_property
    def _client(self) -> WebPubSubServiceClient:
        from azure.messaging.webpubsubservice.aio import (  # noqa: PLC0415 - see the class
            WebPubSubServiceClient,
        )

        if self.settings.connection_string:
            return WebPubSubServiceClient.from_connection_string(
                self.settings.connection_string, HUB, **_options()
            )
        return WebPubSubServiceClient(
            self.settings.endpoint or "", HUB, self._credential, **_options()
        )

    @cached_property
    def _credential(self) -> AsyncTokenCredential:
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415 - as above

        return ManagedIdentityCredential(
            client_id=self.identity_client_id,
            retry_total=0,
            connection_timeout=client_options.CHANNEL_CONNECT_SECONDS,
            read_timeout=client_options.CHANNEL_SECONDS,
        )


def _errors() -> AbstractContextManager[None]:
    return transient(ChannelUnavailableError)


def _options() -> dict[str, Any]:
    from azure.core.pipeline.transport import AioHttpTransport  # noqa: PLC0415 - as above

    return {
        "retry_total": 0,
        "transport": AioHttpTransport(
            # There is no proxy between a function and the service, and to look for one costs time.
            use_env_settings=False,
            connection_timeout=client_options.CHANNEL_CONNECT_SECONDS,
            read_timeout=client_options.CHANNEL_SECONDS,
        ),
    }
