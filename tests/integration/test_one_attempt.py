"""The clients of Azure against a server in trouble: one request, an error at once, no sleep."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken, AzureKeyCredential
from azure.quantum.workspace import ConnectionConstants

from azure_quantum_emulator.serving.certificates import Authority
from qjobs.adapters import client_options
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.key_vault import workspace_in_vault
from qjobs.adapters.linked_storage import LinkedStorage
from qjobs.adapters.provider_errors import linked_storage_errors
from qjobs.adapters.storage import StorageAccount
from qjobs.adapters.storage_queue import StorageWorkQueue
from qjobs.adapters.web_pubsub import WebPubSub
from qjobs.adapters.workspace import connect
from qjobs.azure_ports import AzurePorts
from qjobs.bootstrap import catalogue
from qjobs.domain.algorithm import Program
from qjobs.domain.errors import (
    ChannelUnavailableError,
    ProviderUnavailableError,
    StorageUnavailableError,
    TransientError,
)
from qjobs.domain.event import EventType, JobEvent
from qjobs.domain.messages import Message, Queue
from qjobs.domain.plan import ProviderJob
from qjobs.settings import ChannelSettings, Settings, WorkspaceSettings
from tests.fakes import START, FakeClock
from tests.integration.faulty_server import FaultyServer, Trouble, faulty_server

type Call = Callable[[str], Awaitable[object]]

KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
MESSAGE = Message(Queue.TRACK, "owner", "0190a000-0000-7000-8000-000000000000", 0)
EVENT = JobEvent(EventType.RUNNING, MESSAGE.owner, MESSAGE.job_id, "ghz", 0, START)
JOB = ProviderJob(
    id="0190a000-0000-7000-8000-000000000001",
    name="bell",
    target="local.sim.aer",
    provider="local",
    program=Program("qir.v1", "; a Bell pair", 2, 2, {}),
    shots=100,
    seed=None,
    options={},
)


class AnyToken:
    """A credential that is never asked in vain."""

    def get_token(self, *_: str, **__: object) -> AccessToken:
        """Return a token."""
        return AccessToken("token", int(time.time()) + 3600)


def workspace(endpoint: str | None) -> WorkspaceSettings:
    """Return the coordinates of a workspace."""
    return WorkspaceSettings(
        subscription_id="00000000-0000-0000-0000-00000000000a",
        resource_group="group",
        name="workspace",
        location="eastus",
        endpoint=endpoint,
    )


def provider(url: str) -> AzureQuantumProvider:
    """Return the adapter of a workspace at an address."""
    return AzureQuantumProvider(lambda: connect(workspace(f"{url}/"), AzureKeyCredential("key")))


async def through_the_identity(url: str) -> object:
    """Ask an identity endpoint for the token of a request to a workspace."""
    settings = Settings.from_environment(
        {
            "AzureWebJobsStorage": "UseDevelopmentStorage=true",
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
            "QJOBS_WORKSPACE_RESOURCE_GROUP": "group",
            "QJOBS_WORKSPACE_NAME": "workspace",
            "QJOBS_WORKSPACE_LOCATION": "eastus",
            "QJOBS_WORKSPACE_ENDPOINT": "https://127.0.0.1:1/",
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDENTITY_ENDPOINT", f"{url}/token")
        patch.setenv("IDENTITY_HEADER", "secret")
        return await AzurePorts(settings, catalogue()).provider.targets()


async def through_the_vault(url: str) -> object:
    """Ask a key vault for the coordinates of a workspace."""

    def connect_by_vault() -> object:
        return connect(workspace_in_vault(url, AnyToken()), AnyToken())

    return await AzureQuantumProvider(connect_by_vault).targets()


async def through_the_resource_manager(url: str) -> object:
    """Ask the resource manager for the endpoint of a workspace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConnectionConstants, "ARM_PRODUCTION_ENDPOINT", url)
        return await AzureQuantumProvider(lambda: connect(workspace(None), AnyToken())).targets()


async def upload(url: str) -> object:
    """Write a program to the storage that is linked to the workspace."""
    with linked_storage_errors():
        return LinkedStorage().upload(f"{url}/job-1?sv=1&sig=x", "inputData", b"program", "qir.v1")


async def download(url: str) -> object:
    """Read a result from the storage that is linked to the workspace."""
    with linked_storage_errors():
        return LinkedStorage().download(f"{url}/job-1/output?sv=1&sig=x")


PROVIDER: dict[str, Call] = {
    "targets": lambda url: provider(url).targets(),
    "status": lambda url: provider(url).status("local.sim.aer", JOB.id),
    "submit": lambda url: provider(url).submit(JOB),
    "cancel": lambda url: provider(url).cancel("local.sim.aer", JOB.id),
    "identity": through_the_identity,
    "upload": upload,
    "download": download,
}
BY_TLS: dict[str, Call] = {
    "vault": through_the_vault,
    "resource manager": through_the_resource_manager,
}


def storage(url: str) -> StorageAccount:
    """Return the app's own storage at an address."""
    blobs, queues = f"BlobEndpoint={url}/account", f"QueueEndpoint={url}/account"
    return StorageAccount(f"AccountName=account;AccountKey={KEY};{blobs};{queues}")


def in_container(call: Callable[[BlobContainer], Awaitable[object]]) -> Call:
    """Return a call of a blob container at an address."""

    async def of_storage(url: str) -> object:
        account = storage(url)
        try:
            return await call(BlobContainer(account, "jobs"))
        finally:
            await account.close()

    return of_storage


async def send(url: str) -> None:
    """Send a message."""
    account = storage(url)
    try:
        await StorageWorkQueue(account).send(MESSAGE)
    finally:
        await account.close()


async def through_the_identity_of_storage(url: str) -> object:
    """Ask an identity endpoint for the token of a request to the app's own storage."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDENTITY_ENDPOINT", f"{url}/token")
        patch.setenv("IDENTITY_HEADER", "secret")
        account = StorageAccount(blob_uri="https://127.0.0.1:1/account")
        try:
            return await BlobContainer(account, "jobs").read("job")
        finally:
            await account.close()


STORAGE: dict[str, Call] = {
    "identity": through_the_identity_of_storage,
    "read": in_container(lambda jobs: jobs.read("job")),
    "page": in_container(lambda jobs: jobs.page("owner/", 20, None)),
    "find": in_container(lambda jobs: jobs.find("due < '1'", 20)),
    "create": in_container(lambda jobs: jobs.create("job", "{}")),
    "replace": in_container(lambda jobs: jobs.replace("job", "{}", "1", {}, {})),
    "send": send,
}


def channel(settings: ChannelSettings) -> WebPubSub:
    """Return the adapter of a channel."""
    return WebPubSub(settings, None, FakeClock())


async def tell(url: str) -> None:
    """Send an event over a channel."""
    adapter = channel(ChannelSettings(connection_string=f"Endpoint={url};AccessKey={KEY}"))
    try:
        await adapter.tell(EVENT)
    finally:
        await adapter.close()


async def through_the_identity_of_the_channel(url: str) -> object:
    """Ask an identity endpoint for the token of a request for an address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDENTITY_ENDPOINT", f"{url}/token")
        patch.setenv("IDENTITY_HEADER", "secret")
        adapter = channel(ChannelSettings(endpoint="https://127.0.0.1:1"))
        try:
            return await adapter.address("owner")
        finally:
            await adapter.close()


CHANNEL: dict[str, Call] = {"identity": through_the_identity_of_the_channel, "tell": tell}
BROKEN = [Trouble.THROTTLED, Trouble.UNAVAILABLE, Trouble.RESET, Trouble.SILENCE, Trouble.HALF]
UNREADABLE = [Trouble.EMPTY, Trouble.GIBBERISH]


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds that anything is asked to sleep for, which passes at once."""
    asked: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds > 0:
            asked.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


@pytest.fixture(autouse=True)
def short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a server that never responds no longer than it takes to see that."""
    for seconds in ("READ_SECONDS", "STORAGE_SECONDS", "CHANNEL_SECONDS"):
        monkeypatch.setattr(client_options, seconds, 0.5)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Return the file of an authority, and what a server presents of it."""
    folder = tmp_path_factory.mktemp("authority")
    issuer = Authority(folder / "authority.pem")
    certificate = issuer.issue(folder, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    return issuer.file, context


async def error_of(call: Call, server: FaultyServer) -> TransientError:
    """Return the transient error that a call ends with."""
    with pytest.raises(TransientError) as raised:
        await call(server.url)
    return raised.value


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.parametrize("call", PROVIDER.values(), ids=PROVIDER)
async def test_the_workspace_is_asked_once(
    slept: list[float], call: Call, trouble: Trouble
) -> None:
    """Whatever is wrong with it, there is one request, and a transient error without a sleep."""
    with faulty_server(trouble) as server:
        error = await error_of(call, server)

    assert type(error) is ProviderUnavailableError
    assert (len(server.requests), slept) == (1, [])


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.parametrize("call", BY_TLS.values(), ids=BY_TLS)
async def test_the_way_to_the_workspace_is_asked_once(
    slept: list[float],
    call: Call,
    trouble: Trouble,
    authority: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Vault and resource manager likewise."""
    file, context = authority
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with faulty_server(trouble, context) as server:
        error = await error_of(call, server)

    assert type(error) is ProviderUnavailableError
    assert (len(server.requests), slept) == (1, [])


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.parametrize("call", STORAGE.values(), ids=STORAGE)
async def test_the_storage_is_asked_twice_at_most(
    slept: list[float], call: Call, trouble: Trouble
) -> None:
    """One quick repeat, then a transient error."""
    with faulty_server(trouble) as server:
        error = await error_of(call, server)

    assert type(error) is StorageUnavailableError
    assert len(server.requests) in {1, 2}
    assert sum(slept) < 0.3


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.parametrize("call", CHANNEL.values(), ids=CHANNEL)
async def test_the_channel_is_asked_once(slept: list[float], call: Call, trouble: Trouble) -> None:
    """Whoever is told of a job is told by one request; a GET that is cut off, aiohttp repeats."""
    with faulty_server(trouble) as server:
        error = await error_of(call, server)

    assert type(error) is ChannelUnavailableError
    repeated = trouble is Trouble.RESET and server.requests[0].startswith("GET")
    assert (len(server.requests), slept) == (2 if repeated else 1, [])


@pytest.mark.parametrize(
    "call",
    [*PROVIDER.values(), *STORAGE.values(), *CHANNEL.values()],
    ids=[
        *PROVIDER,
        *(f"{name} of storage" for name in STORAGE),
        *(f"{name} of the channel" for name in CHANNEL),
    ],
)
async def test_a_refused_connection_is_a_transient_error(slept: list[float], call: Call) -> None:
    """A server that is not there is nobody's fault, and not waited for."""
    with faulty_server(Trouble.RESET) as server:
        url = server.url

    with pytest.raises(TransientError):
        await call(url)
    assert sum(slept) < 0.3


@pytest.mark.parametrize("trouble", UNREADABLE)
@pytest.mark.parametrize("name", ["targets", "status", "submit", "identity"])
async def test_a_response_that_cannot_be_read_is_a_transient_error(
    name: str, trouble: Trouble
) -> None:
    """What is no JSON, where there should be some, says nothing about the job."""
    with faulty_server(trouble) as server:
        error = await error_of(PROVIDER[name], server)

    assert type(error) is ProviderUnavailableError
    assert "None" not in error.detail


@pytest.mark.parametrize("name", ["targets", "status", "submit", "upload"])
async def test_the_time_that_a_workspace_asks_for_is_passed_on(name: str) -> None:
    """Retry-After is for the queue."""
    with faulty_server(Trouble.THROTTLED) as server:
        error = await error_of(PROVIDER[name], server)

    assert error.retry_after == 86_400
