"""The local channel with Microsoft's unmodified clients: the service's in Python, and Node's."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp
import jwt
import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from emulator_support.patience import async_tries
from localdev.stack.channel import Channel
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from tests.channel_client import channel_client
from tests.integration.cuttable_line import cuttable_line

HUB = "qjobs"
CUT_SECONDS = 10.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the channel."""
    options = Options(tmp_path_factory.mktemp("channel"))
    with Stack(options, lambda options: [Channel(options)]) as stack:
        yield stack


@pytest.fixture
def key(running: Stack) -> str:
    """Return the access key."""
    text = running.facts["channel"]["connectionString"]
    return text.partition("AccessKey=")[2].partition(";")[0]


@pytest.fixture
async def service(running: Stack) -> AsyncIterator[WebPubSubServiceClient]:
    """Return a client of services."""
    text = running.facts["channel"]["connectionString"]
    async with WebPubSubServiceClient.from_connection_string(text, HUB, retry_total=0) as client:
        yield client


@pytest.fixture
def user() -> str:
    """Return a user of this test alone."""
    return uuid.uuid4().hex


async def address(service: WebPubSubServiceClient, user: str) -> str:
    """Return the address at which a user's clients connect."""
    return str((await service.get_client_access_token(user_id=user))["url"])


async def status(url: str, *protocols: str) -> int:
    """Return the HTTP status with which a WebSocket is refused, or 101."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(url, protocols=protocols):
                return 101
        except aiohttp.WSServerHandshakeError as error:
            return error.status


async def test_messages_come_in_order_to_all_clients_of_a_user(
    service: WebPubSubServiceClient, user: str
) -> None:
    """Two clients get each of fifty messages once; a user without clients costs no error."""
    url = await address(service, user)
    async with channel_client(url) as one, channel_client(url) as two:
        assert (await one.next())["user"] == (await two.next())["user"] == user
        await service.send_to_user(uuid.uuid4().hex, {"number": -1})
        for number in range(50):
            await service.send_to_user(user, {"number": number})

        for client in (one, two):
            heard = [(await client.message())["number"] for _ in range(50)]
            assert heard == list(range(50))


async def test_nothing_is_lost_or_doubled_by_a_line_that_is_cut(
    service: WebPubSubServiceClient, running: Stack, key: str, user: str
) -> None:
    """Of a thousand messages each comes once, whatever the line did when they were sent.

    Some were heard and not yet acknowledged, some got lost on the line, most were sent in the ten
    seconds for which it was cut.
    """
    port = urlsplit(running.facts["channel"]["url"]).port or 0
    async with cuttable_line(port) as line:
        through = WebPubSubServiceClient(
            f"http://127.0.0.1:{line.port}", HUB, AzureKeyCredential(key)
        )
        async with through, channel_client(await address(through, user)) as client:
            await client.next()
            for number in range(200):
                await service.send_to_user(user, {"number": number})
            heard = [await client.message() for _ in range(200)]
            line.losing = True
            for number in range(200, 300):
                await service.send_to_user(user, {"number": number})
            await line.cut()
            mended = asyncio.create_task(asyncio.sleep(CUT_SECONDS))
            for number in range(300, 999):
                await service.send_to_user(user, {"number": number})
            await service.send_to_user(user, "the last")
            await mended
            await line.mend()

            while heard[-1] != "the last":
                heard.append(await client.message())
    assert heard == [*({"number": number} for number in range(999)), "the last"]


async def test_a_client_of_another_user_gets_nothing(
    service: WebPubSubServiceClient, user: str
) -> None:
    """Of four users that are connected at once each hears what was sent to itself, and no more."""
    users = [f"{user}{number}" for number in range(4)]
    async with AsyncExitStack() as connected:
        clients = [
            await connected.enter_async_context(channel_client(await address(service, one)))
            for one in users
        ]
        for client, one in zip(clients, users, strict=True):
            assert (await client.next())["user"] == one
        for number in range(3):
            for one in users:
                await service.send_to_user(one, {"to": one, "number": number})

        for client, one in zip(clients, users, strict=True):
            await service.send_to_user(one, "the end")
            heard = [await client.message() for _ in range(4)]
            assert heard == [*({"to": one, "number": number} for number in range(3)), "the end"]


async def test_a_token_without_roles_joins_no_group(
    service: WebPubSubServiceClient, user: str
) -> None:
    """The client is told so, and stays connected."""
    async with channel_client(await address(service, user), join="others") as client:
        await client.next()
        assert await client.next() == {"refused": "Forbidden"}
        await service.send_to_user(user, "still here")
        assert await client.message() == "still here"


async def test_who_is_connected_can_be_asked_and_ended(
    service: WebPubSubServiceClient, user: str
) -> None:
    """A user exists while it has clients; they are told why they are closed."""
    assert not await service.user_exists(user)
    async with channel_client(await address(service, user)) as client:
        await client.next()
        assert await service.user_exists(user)

        await service.close_user_connections(user, reason="maintenance")

        assert await client.next() == {"disconnected": "maintenance"}
    async for _ in async_tries(0.1):
        if not await service.user_exists(user):
            break


async def test_only_a_valid_token_of_this_hub_connects(
    service: WebPubSubServiceClient, running: Stack, key: str, user: str
) -> None:
    """None, a forged one and an expired one are 401, one of another hub 403."""
    right = await address(service, user)
    base, _, token = right.partition("?access_token=")
    claims = jwt.decode(token, options={"verify_signature": False})
    expired = jwt.encode(claims | {"exp": 1}, key, algorithm="HS256")
    forged = jwt.encode(claims, "x" * 40, algorithm="HS256")
    elsewhere = WebPubSubServiceClient.from_connection_string(
        running.facts["channel"]["connectionString"], "another"
    )
    async with elsewhere:
        other = (await elsewhere.get_client_access_token(user_id=user))["token"]

    reliable = "json.reliable.webpubsub.azure.v1"
    assert await status(right, reliable) == 101
    assert await status(right, "json.webpubsub.azure.v1") == 101
    assert await status(right, "graphql-ws") == 400
    assert await status(base, reliable) == 401
    for refused, code in ((expired, 401), (forged, 401), (other, 403)):
        assert await status(f"{base}?access_token={refused}", reliable) == code


async def test_a_connection_is_recovered_with_its_own_token_alone(
    service: WebPubSubServiceClient, user: str
) -> None:
    """Who knows the id of a connection does not get it, and is told not to try again."""
    url = await address(service, user)
    protocols = ["json.reliable.webpubsub.azure.v1"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, protocols=protocols) as socket:
            connected = await socket.receive_json()
            await service.send_to_user(user, "kept")
            assert (await socket.receive_json())["sequenceId"] == 1
            socket._response.connection.transport.abort()  # type: ignore[union-attr]  # noqa: SLF001 - as a cut line does
        known = f"{url.partition('?')[0]}?awps_connection_id={connected['connectionId']}"
        async with session.ws_connect(
            f"{known}&awps_reconnection_token=guessed", protocols=protocols
        ) as socket:
            await socket.receive()
            assert socket.close_code == 1008
        token = connected["reconnectionToken"]
        async with session.ws_connect(
            f"{known}&awps_reconnection_token={token}", protocols=protocols
        ) as socket:
            again = await socket.receive_json()
            assert again["connectionId"] == connected["connectionId"]
            assert (await socket.receive_json())["data"] == "kept"
            await socket.send_json({"type": "sequenceAck", "sequenceId": 1})
            await socket.send_json({"type": "ping"})
            assert await socket.receive_json() == {"type": "pong"}


async def test_a_recovered_connection_leaves_its_former_socket(
    service: WebPubSubServiceClient, user: str
) -> None:
    """A line that is only thought to be there does not keep the client that comes back waiting."""
    url = await address(service, user)
    protocols = ["json.reliable.webpubsub.azure.v1"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=protocols) as former,
    ):
        connected = await former.receive_json()
        again = (
            f"{url.partition('?')[0]}?awps_connection_id={connected['connectionId']}"
            f"&awps_reconnection_token={connected['reconnectionToken']}"
        )
        async with session.ws_connect(again, protocols=protocols) as socket:
            await socket.receive_json()
            await service.send_to_user(user, "to one socket")
            assert (await socket.receive_json())["data"] == "to one socket"
        await former.receive()
        assert former.close_code == 1008


async def test_a_client_that_acknowledges_nothing_is_closed(
    service: WebPubSubServiceClient, user: str
) -> None:
    """Beyond a thousand messages nothing more is kept for it."""
    url = await address(service, user)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=["json.reliable.webpubsub.azure.v1"]) as socket,
    ):
        await asyncio.gather(*(service.send_to_user(user, "more") for _ in range(1001)))
        async for _ in socket:
            pass
        assert socket.close_code == 1008


async def test_a_service_needs_the_access_key(running: Stack, user: str) -> None:
    """Another key is refused, whatever it asks for."""
    url = running.facts["channel"]["url"]
    async with WebPubSubServiceClient(url, HUB, AzureKeyCredential("x" * 40)) as stranger:
        with pytest.raises(ClientAuthenticationError):
            await stranger.send_to_user(user, "mine")
        with pytest.raises((ClientAuthenticationError, HttpResponseError)):
            await stranger.close_user_connections(user)
