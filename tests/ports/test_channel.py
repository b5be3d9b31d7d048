"""Contract of `Channel`: fake and Azure Web PubSub keep the same."""

from __future__ import annotations

import uuid
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from qjobs.domain.errors import ChannelUnavailableError
from qjobs.domain.event import EventType, JobEvent
from tests.fakes import START
from tests.ports.channels import Setup, TellingChannel


def event(owner: str, job_id: str, kind: EventType = EventType.SUCCEEDED) -> JobEvent:
    """Return an event of a job."""
    return JobEvent(kind, owner, job_id, "ghz", 0, START)


@pytest.fixture
def owners() -> list[str]:
    """Return the keys of some owners of this test alone."""
    return [uuid.uuid4().hex for _ in range(3)]


async def test_an_address_counts_for_as_long_as_its_owner_is_told(channel: Setup) -> None:
    """It is one of WebSocket with its subprotocol, and expires when the note of a listener does."""
    before = datetime.now(UTC)
    address = await channel.channel.address("a" * 32)
    after = datetime.now(UTC)

    assert channel.channel.lasts is not None
    lasts, second = channel.channel.lasts, timedelta(seconds=1)
    assert before + lasts - second <= address.expires_at <= after + lasts + second
    assert urlsplit(address.url).scheme in {"ws", "wss"}
    assert address.protocol == "json.reliable.webpubsub.azure.v1"
    assert channel.channel.way == "channel"


async def test_every_owner_has_an_address_of_its_own(channel: Setup, owners: list[str]) -> None:
    """No two are the same."""
    urls = {(await channel.channel.address(owner)).url for owner in owners}

    assert len(urls) == len(owners)


async def test_an_event_is_heard_by_its_owner_alone(channel: Setup, owners: list[str]) -> None:
    """Of owners that listen at the same time each hears what was told of its own jobs, in order."""
    kinds = (EventType.SUBMITTED, EventType.RUNNING, EventType.SUCCEEDED)
    async with AsyncExitStack() as connected:
        clients = {
            owner: await connected.enter_async_context(channel.listen(owner)) for owner in owners
        }
        for kind in kinds:
            for owner in owners:
                await channel.channel.tell(event(owner, f"job of {owner}", kind))

        for owner, following in clients.items():
            told = [await following() for _ in kinds]
            assert told == [
                event(owner, f"job of {owner}", kind).document("qjobs") for kind in kinds
            ]


async def test_all_clients_of_an_owner_hear_of_its_jobs(channel: Setup, owners: list[str]) -> None:
    """A page and a program of one caller are told the same."""
    async with channel.listen(owners[0]) as page, channel.listen(owners[0]) as program:
        await channel.channel.tell(event(owners[0], "1"))

        assert await page() == await program() == event(owners[0], "1").document("qjobs")


async def test_to_tell_an_owner_without_clients_is_no_error(
    channel: Setup, owners: list[str]
) -> None:
    """Who connects later is not told of it."""
    await channel.channel.tell(event(owners[0], "before"))
    async with channel.listen(owners[0]) as following:
        await channel.channel.tell(event(owners[0], "after"))

        assert (await following())["subject"] == "jobs/after"


async def test_a_channel_that_is_away_says_so(channel_away: TellingChannel) -> None:
    """The error is transient, so that what is told may be told later."""
    with pytest.raises(ChannelUnavailableError):
        await channel_away.tell(event("a" * 32, "1"))
