"""The use case of opening a caller's channel."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.errors import ChannelUnavailableError
from qjobs.ports import Channel, ChannelAddress
from qjobs.services.listening import Listening

_NONE = "This service has no channel; ask for the job with the header Prefer: wait instead."
_LONG = 300.0
"""Seconds until it is worth asking again for a channel that nobody has set up."""


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """Give a caller the address of its channel, and have it told of its jobs there."""

    channel: Channel | None
    listening: Listening

    async def __call__(self, owner: str) -> ChannelAddress:
        """Return the address; until it expires its owner is told of changes of jobs.

        Raises:
            ChannelUnavailableError: there is no channel, or it does not answer.
            StorageUnavailableError: it cannot be noted that the caller listens.

        """
        if self.channel is None:
            raise ChannelUnavailableError(_NONE, retry_after=_LONG)
        address = await self.channel.address(owner)
        await self.listening.note(owner, self.channel.way)
        return address
