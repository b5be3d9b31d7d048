"""Each port twice: the fake that unit tests use, and the adapter over the real thing."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator

import pytest

from localdev.stack.channel import Channel as LocalChannel
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_deliveries import BlobDeliveries
from qjobs.adapters.blob_documents import BlobDocuments
from qjobs.adapters.blob_heartbeats import BlobHeartbeats
from qjobs.adapters.blob_job_store import BlobJobStore
from qjobs.adapters.blob_listeners import BlobListeners
from qjobs.adapters.blob_webhooks import BlobWebhooks
from qjobs.adapters.storage import StorageAccount
from qjobs.adapters.system_clock import SystemClock
from qjobs.adapters.web_pubsub import WebPubSub
from qjobs.domain.errors import ChannelUnavailableError
from qjobs.ports import Documents, Heartbeats, JobStore, Listeners
from qjobs.settings import ChannelSettings
from qjobs.webhook_ports import Deliveries, Webhooks
from tests.fakes import (
    FakeChannel,
    FakeDocuments,
    FakeHeartbeats,
    FakeJobStore,
    FakeListeners,
)
from tests.ports.channels import Setup, TellingChannel, of_fake, of_service
from tests.webhook_fakes import FakeDeliveries, FakeWebhooks


@pytest.fixture
async def account(azurite: str) -> AsyncIterator[StorageAccount]:
    """Return the storage account."""
    account = StorageAccount(azurite)
    yield account
    await account.close()


@pytest.fixture(params=["fake", "azurite"])
def job_store(request: pytest.FixtureRequest) -> JobStore:
    """Return an empty store of jobs."""
    if request.param == "fake":
        return FakeJobStore()
    account, unique = request.getfixturevalue("account"), uuid.uuid4().hex
    return BlobJobStore(
        BlobContainer(account, f"jobs-{unique}"), BlobContainer(account, f"keys-{unique}")
    )


@pytest.fixture(params=["fake", "azurite"])
def documents(request: pytest.FixtureRequest) -> Documents:
    """Return an empty store of documents."""
    if request.param == "fake":
        return FakeDocuments()
    account = request.getfixturevalue("account")
    return BlobDocuments(BlobContainer(account, f"documents-{uuid.uuid4().hex}"))


@pytest.fixture(params=["fake", "azurite"])
def heartbeats(request: pytest.FixtureRequest) -> Heartbeats:
    """Return an empty store of heartbeats, which go by the time of this machine."""
    if request.param == "fake":
        return FakeHeartbeats(SystemClock())
    account = request.getfixturevalue("account")
    return BlobHeartbeats(BlobContainer(account, f"heartbeats-{uuid.uuid4().hex}"))


@pytest.fixture(params=["fake", "azurite"])
def listeners(request: pytest.FixtureRequest) -> Listeners:
    """Return an empty store of listeners, which go by the time of this machine."""
    if request.param == "fake":
        return FakeListeners(SystemClock())
    account = request.getfixturevalue("account")
    return BlobListeners(BlobContainer(account, f"listeners-{uuid.uuid4().hex}"))


@pytest.fixture(params=["fake", "azurite"])
def webhooks(request: pytest.FixtureRequest) -> Webhooks:
    """Return an empty store of webhooks."""
    if request.param == "fake":
        return FakeWebhooks()
    account = request.getfixturevalue("account")
    return BlobWebhooks(BlobContainer(account, f"webhooks-{uuid.uuid4().hex}"))


@pytest.fixture(params=["fake", "azurite"])
def deliveries(request: pytest.FixtureRequest) -> Deliveries:
    """Return an empty store of deliveries."""
    if request.param == "fake":
        return FakeDeliveries()
    account = request.getfixturevalue("account")
    return BlobDeliveries(BlobContainer(account, f"deliveries-{uuid.uuid4().hex}"))


@pytest.fixture(scope="module")
def channel_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the local channel; yields its connection string."""
    options = Options(tmp_path_factory.mktemp("channel"))
    with Stack(options, lambda options: [LocalChannel(options)]) as stack:
        yield stack.facts["channel"]["connectionString"]


@pytest.fixture(params=["fake", "service"])
async def channel(request: pytest.FixtureRequest) -> AsyncIterator[Setup]:
    """Return a channel, which goes by the time of this machine."""
    if request.param == "fake":
        yield of_fake(FakeChannel(clock=SystemClock()))
        return
    settings = ChannelSettings(connection_string=request.getfixturevalue("channel_service"))
    adapter = WebPubSub(settings, None, SystemClock())
    yield of_service(adapter)
    await adapter.close()


@pytest.fixture(params=["fake", "service"])
async def channel_away(request: pytest.FixtureRequest) -> AsyncIterator[TellingChannel]:
    """Return a channel that does not answer."""
    if request.param == "fake":
        yield FakeChannel(error=ChannelUnavailableError())
        return
    nobody = f"Endpoint=http://127.0.0.1:1;AccessKey={'k' * 40};Version=1.0;"
    adapter = WebPubSub(ChannelSettings(connection_string=nobody), None, SystemClock())
    yield adapter
    await adapter.close()
