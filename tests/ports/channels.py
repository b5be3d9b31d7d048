"""Channels with clients that connect: the fake's in a list, the adapter's over WebSocket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from qjobs.adapters.web_pubsub import WebPubSub
from qjobs.domain.algorithm import JSONObject
from qjobs.ports import Announcements, Channel
from tests.channel_client import channel_client
from tests.fakes import FakeChannel

type Next = Callable[[], Awaitable[JSONObject]]
"""Returns the next event that a client hears."""


class TellingChannel(Channel, Announcements, Protocol):
    """The channel as services use it: it gives addresses, and tells who connects there."""


@dataclass
class Setup:
    """A channel, and what connects a client of an owner to it."""

    channel: TellingChannel
    listen: Callable[[str], AbstractAsyncContextManager[Next]]


def of_fake(channel: FakeChannel) -> Setup:
    """Return the fake, whose clients look into its list."""

    @asynccontextmanager
    async def listen(owner: str) -> AsyncIterator[Next]:
        before = len(channel.told)
        coming = (one for one in islice(channel.told, before, None) if one.owner == owner)

        async def following() -> JSONObject:
            return next(coming).document("qjobs")

        yield following

    return Setup(channel, listen)


def of_service(channel: WebPubSub) -> Setup:
    """Return the adapter, whose clients are Microsoft's."""

    @asynccontextmanager
    async def listen(owner: str) -> AsyncIterator[Next]:
        async with channel_client((await channel.address(owner)).url) as client:
            await client.next()  # that it is connected
            yield client.message

    return Setup(channel, listen)
