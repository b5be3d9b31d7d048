from __future__ import annotations

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import ChannelUnavailableError
from qjobs.domain.event import EventType
from qjobs.settings import SettingError, Settings
from tests.fakes import FakeChannel, FakePorts
from tests.unit.services.jobs import accepted
from tests.unit.services.test_bootstrap import SETTINGS


@pytest.fixture
def channel(ports: FakePorts) -> FakeChannel:
    """Give the deployment a channel."""
    ports.channel = FakeChannel()
    ports.announcements.append(ports.channel)
    return ports.channel


async def test_who_opens_a_channel_is_told_for_an_hour(
    services: Services, ports: FakePorts, channel: FakeChannel
) -> None:
    """From the address on, and no longer than it counts, unless it is asked for again."""
    job = await accepted(services, algorithm="once")
    await services.open_channel(job.owner)
    await services.dispatch(job.message())
    assert channel.told[-1].type is EventType.SUCCEEDED

    ports.clock.advance(3601)
    job = await accepted(services, algorithm="once")
    await services.dispatch(job.message())
    assert job.id not in {one.job_id for one in channel.told}

    await services.open_channel(job.owner)
    job = await accepted(services, algorithm="once")
    await services.dispatch(job.message())
    assert channel.told[-1].job_id == job.id


async def test_every_caller_has_an_address_of_its_own(
    services: Services, channel: FakeChannel
) -> None:
    """The address is the owner's, and to open it for one tells nobody else's jobs."""
    first, second = await services.open_channel("first"), await services.open_channel("second")

    assert "first" in first.url
    assert first.url != second.url
    assert not channel.told


async def test_without_a_channel_callers_are_told_to_poll(
    services: Services, ports: FakePorts
) -> None:
    """The error says what to do, and nobody is noted as a listener."""
    with pytest.raises(ChannelUnavailableError, match="Prefer: wait"):
        await services.open_channel("owner")

    assert not await ports.listeners.all()


async def test_a_channel_that_does_not_answer_notes_no_listener(
    services: Services, ports: FakePorts, channel: FakeChannel
) -> None:
    """Jobs of callers that got no address cost no message."""
    channel.error = ChannelUnavailableError()
    with pytest.raises(ChannelUnavailableError):
        await services.open_channel("owner")

    assert not await ports.listeners.all()


def test_a_token_is_sent_to_no_address_without_tls() -> None:
    """The endpoint of the channel begins with https, or is not there."""
    assert Settings.from_environment(SETTINGS).channel is None
    with pytest.raises(SettingError, match="QJOBS_CHANNEL_ENDPOINT"):
        Settings.from_environment(SETTINGS | {"QJOBS_CHANNEL_ENDPOINT": "http://channel"})
