"""The adapter of the channel against the local service, with its key and with an identity."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity.aio import ManagedIdentityCredential
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from azure_quantum_emulator.serving.certificates import Authority
from localdev.identity.directory import FUNCTIONS, GATEWAY
from localdev.stack.channel import Channel, KeylessChannel
from localdev.stack.part import Options, Part
from localdev.stack.parts import Identity, identity_environment
from localdev.stack.stack import Stack
from qjobs.adapters.system_clock import SystemClock
from qjobs.adapters.web_pubsub import HUB, WebPubSub
from qjobs.domain.event import EventType, JobEvent
from qjobs.settings import ChannelSettings
from tests.channel_client import channel_client
from tests.fakes import START

EVENT = JobEvent(
    EventType.SUCCEEDED, "a" * 64, "0190a000-0000-7000-8000-000000000000", "ghz", 0, START
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the stack without keys, where its authority is."""
    return tmp_path_factory.mktemp("keyless")


@pytest.fixture(scope="module")
def keyless(authority: Path) -> Iterator[Stack]:
    """Start the issuer of tokens, and the channel that takes them."""

    def parts(options: Options) -> list[Part]:
        trust = Authority(authority / "tls" / "ca.pem")
        return [Identity(options), KeylessChannel(options, trust)]

    with Stack(Options(authority), parts) as stack:
        yield stack


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the channel with a key."""
    options = Options(tmp_path_factory.mktemp("keys"))
    with Stack(options, lambda options: [Channel(options)]) as stack:
        yield stack


@pytest.fixture
def trusting(keyless: Stack, authority: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Trust the authority, and be the functions."""
    file = authority / "tls" / "ca.pem"
    # By SSL_CERT_FILE in a process that starts with it; aiohttp reads that when it is imported.
    monkeypatch.setattr(
        aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ssl.create_default_context(cafile=file)
    )
    for name, value in identity_environment("functions", keyless.facts).items():
        monkeypatch.setenv(name, value)
    return keyless


@pytest.fixture(params=["keys", "keyless"])
async def channel(request: pytest.FixtureRequest) -> AsyncIterator[WebPubSub]:
    """Return the adapter in both profiles."""
    if request.param == "keys":
        facts = request.getfixturevalue("keyed").facts["channel"]
        settings = ChannelSettings(connection_string=facts["connectionString"])
    else:
        facts = request.getfixturevalue("trusting").facts["channel"]
        settings = ChannelSettings(endpoint=facts["url"].rstrip("/"))
    adapter = WebPubSub(settings, FUNCTIONS.client_id, SystemClock())
    yield adapter
    await adapter.close()


async def test_a_client_hears_the_events_of_its_owner(channel: WebPubSub, authority: Path) -> None:
    """At the address, in the subprotocol that it names; an event of another owner is not heard."""
    before = SystemClock().now()
    address = await channel.address(EVENT.owner)
    trust = {"NODE_EXTRA_CA_CERTS": str(authority / "tls" / "ca.pem")}
    async with channel_client(address.url, environment=os.environ | trust) as client:
        assert (await client.next())["user"] == EVENT.owner
        await channel.tell(replace(EVENT, owner="b" * 64))
        await channel.tell(EVENT)

        assert await client.message() == EVENT.document("qjobs")
    assert address.protocol == "json.reliable.webpubsub.azure.v1"
    assert timedelta(minutes=59) < address.expires_at - before <= timedelta(minutes=61)


async def test_another_identity_may_not_send(
    trusting: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A valid token without the role gets 403, and no token of a client either."""
    for name, value in identity_environment("gateway", trusting.facts).items():
        monkeypatch.setenv(name, value)
    url = trusting.facts["channel"]["url"].rstrip("/")
    async with (
        ManagedIdentityCredential(client_id=GATEWAY.client_id) as credential,
        WebPubSubServiceClient(url, HUB, credential, retry_total=0) as client,
    ):
        for call in (client.send_to_user("a", {}), client.get_client_access_token(user_id="a")):
            with pytest.raises(HttpResponseError) as refused:
                await call
            assert refused.value.status_code == 403
