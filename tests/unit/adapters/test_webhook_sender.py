"""Requests to webhooks, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook, WebhookVerificationError

from qjobs.adapters import webhook_sender
from qjobs.adapters.webhook_sender import HttpWebhookSender
from qjobs.domain.webhook_request import NoAnswer, Sent, WebhookRequest

BODY = b'{"data":{"jobId":"1"}}'
SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def request_for(url: str, *keys: str, at: datetime | None = None) -> WebhookRequest:
    """Return a request with the time of this machine."""
    return WebhookRequest(url, "event-1", at or datetime.now(UTC), BODY, keys or (SECRET,))


@dataclass
class Names(AbstractResolver):
    """A name server: each look-up of a name gets its next list of addresses."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the next addresses."""
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in addresses
        ]

    async def close(self) -> None:
        """There is nothing to close."""


@asynccontextmanager
async def sender(
    *allowed: str, resolver: AbstractResolver | None = None
) -> AsyncIterator[HttpWebhookSender]:
    """Give a sender, and close it."""
    made = (
        HttpWebhookSender(frozenset(allowed), resolver)
        if resolver
        else HttpWebhookSender(frozenset(allowed))
    )
    yield made
    await made.close()


@dataclass
class Receiver:
    """A receiver with what it received, and where it is."""

    port: int
    received: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        """As the setting allows it."""
        return f"127.0.0.1:{self.port}"


type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@pytest.fixture
async def receivers() -> AsyncIterator[Callable[..., Awaitable[Receiver]]]:
    """Return a function that starts a receiver of plain HTTP, or of TLS with a context."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler, tls: ssl.SSLContext | None = None) -> Receiver:
            receiver = Receiver(0)

            async def note(request: web.BaseRequest) -> web.StreamResponse:
                receiver.received.append(request)
                receiver.bodies.append(await request.read())
                return await handler(request)

            runner = web.ServerRunner(web.Server(note), shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
            await site.start()
            receiver.port = runner.addresses[0][1]
            return receiver

        yield start


def answer(status: int, **headers: str) -> Handler:
    """Return a handler that answers with a status."""

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return handle


@contextmanager
def listening(*hosts: str) -> Iterator[tuple[int, list[socket.socket]]]:
    """Listen on one port of some addresses, and give those sockets."""
    first = socket.create_server((hosts[0], 0))
    port, sockets = first.getsockname()[1], [first]
    for host in hosts[1:]:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sockets.append(socket.create_server((host, port), family=family))
    try:
        yield port, sockets
    finally:
        for one in sockets:
            one.close()


def connections(sockets: list[socket.socket]) -> int:
    """Return how many connections wait to be accepted."""
    number = 0
    for one in sockets:
        one.settimeout(0)
        try:
            while True:
                one.accept()[0].close()
                number += 1
        except BlockingIOError:
            pass
    return number


SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.2",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "0.0.0.0",
    "0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::1%25lo]",
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_this_machine_is_never_reached_in_any_spelling(host: str) -> None:
    """Nobody connects to a listener of this machine, and the outcome tells only that much."""
    with listening("127.0.0.1", "::1") as (port, sockets):
        async with sender() as send:
            sent = await send.send(request_for(f"https://{host}:{port}/"))

        assert (sent.status, sent.reason) == (None, NoAnswer.NO_PUBLIC_ADDRESS)
        assert connections(sockets) == 0


FORBIDDEN = [
    "10.0.0.4",
    "100.64.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:10.0.0.4",
    "64:ff9b::a00:4",
    "64:ff9b:1::a00:4",
    "2002:a00:4::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
]


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses for which a socket was made: nothing is sent without one."""
    made: list[str] = []
    original = webhook_sender._guard  # noqa: SLF001 - that is what is looked at

    def note(address: tuple[object, ...]) -> socket.socket:
        one = original(address)
        made.append(str(address[4][0]))  # type: ignore[index]
        return one

    monkeypatch.setattr(webhook_sender, "_guard", note)
    return made


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_a_forbidden_address_is_refused_as_a_literal_and_by_name(
    address: str, attempts: list[str]
) -> None:
    """No socket is made for it, and a name is refused in the same words as one without address."""
    literal = f"[{address}]" if ":" in address else address
    async with sender(resolver=Names([[address]])) as send:
        for host in (literal, "receiver.example"):
            sent = await send.send(request_for(f"https://{host}/hook"))
            assert (sent.status, sent.reason) == (None, NoAnswer.NO_PUBLIC_ADDRESS)

    assert attempts == []


async def test_a_name_with_many_forbidden_addresses_is_refused(attempts: list[str]) -> None:
    """Each address of a name is looked at, not the first alone."""
    async with sender(resolver=Names([["10.0.0.1", "127.0.0.1", "::1", "fd00::1"]])) as send:
        sent = await send.send(request_for("https://receiver.example/"))

    assert sent.reason is NoAnswer.NO_PUBLIC_ADDRESS
    assert attempts == []


async def test_a_name_that_changes_is_refused_when_it_is_forbidden(attempts: list[str]) -> None:
    """A name server that gives a public address first gains nothing: names are not looked up twice.

    Whatever the first look-up was for, the address that a connection is made to is the one checked.
    """
    with listening("127.0.0.1") as (port, sockets):
        names = Names([["203.0.113.9"], ["127.0.0.1"]])
        async with sender(resolver=names) as send:
            outcomes = [
                await send.send(request_for(f"https://changes.example:{port}/")) for _ in range(2)
            ]

        assert [one.reason for one in outcomes] == [NoAnswer.NO_PUBLIC_ADDRESS] * 2
        assert names.asked == ["changes.example"] * 2  # nothing is remembered either
        assert connections(sockets) == 0
    assert attempts == []


async def test_a_redirect_is_a_status_and_is_not_followed(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """The place that a receiver points to is never asked."""
    with listening("127.0.0.1") as (port, sockets):
        for status in (301, 302, 303, 307, 308):
            location = f"http://127.0.0.1:{port}/latest/meta-data"
            receiver = await receivers(answer(status, Location=location))
            async with sender(receiver.place, f"127.0.0.1:{port}") as send:
                sent = await send.send(request_for(f"http://{receiver.place}/"))

            assert (sent.status, sent.delivered) == (status, False)
        assert connections(sockets) == 0


async def test_what_is_allowed_is_so_by_host_and_port(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """The setting of a laptop opens one place, not its neighbours."""
    receiver = await receivers(answer(204))
    with listening("127.0.0.1") as (port, sockets):
        async with sender(receiver.place) as send:
            reached = await send.send(request_for(f"http://{receiver.place}/hook"))
            beside = await send.send(request_for(f"http://127.0.0.1:{port}/"))
            by_name = await send.send(request_for(f"http://localhost:{receiver.port}/"))

        assert reached.delivered
        assert {beside.reason, by_name.reason} == {NoAnswer.NO_PUBLIC_ADDRESS}
        assert connections(sockets) == 0
    assert len(receiver.received) == 1


async def test_a_proxy_of_the_environment_is_not_asked(
    receivers: Callable[..., Awaitable[Receiver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect for us, to wherever it likes."""
    receiver = await receivers(answer(204))
    with listening("127.0.0.1") as (port, sockets):
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            monkeypatch.setenv(name.upper(), f"http://127.0.0.1:{port}")
        async with sender(receiver.place) as send:
            assert (await send.send(request_for(f"http://{receiver.place}/"))).delivered

        assert connections(sockets) == 0


async def test_the_usual_library_accepts_what_is_sent(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """Headers and signature are those of Standard Webhooks, over the body as it is."""
    receiver = await receivers(answer(200))
    async with sender(receiver.place) as send:
        assert (await send.send(request_for(f"http://{receiver.place}/hook"))).delivered

    [request], [body] = receiver.received, receiver.bodies
    assert Webhook(SECRET).verify(body, dict(request.headers)) == {"data": {"jobId": "1"}}
    assert request.headers["webhook-id"] == "event-1"
    assert request.headers["content-type"] == "application/cloudevents+json"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", dict(request.headers))


async def test_each_of_several_secrets_verifies_what_is_sent(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """Receivers with the new secret and with the old one accept it, and with another none do."""
    keys = [
        "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode() for _ in ("new", "old", "no")
    ]
    receiver = await receivers(answer(200))
    async with sender(receiver.place) as send:
        await send.send(request_for(f"http://{receiver.place}/", *keys[:2]))

    [request], [body] = receiver.received, receiver.bodies
    for key in keys[:2]:
        Webhook(key).verify(body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(keys[2]).verify(body, dict(request.headers))
    signatures = request.headers["webhook-signature"].split(" ")
    assert len(signatures) == 3
    assert signatures[1] == signatures[2]


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_clock_ten_minutes_off_is_refused_by_the_library(
    receivers: Callable[..., Awaitable[Receiver]], minutes: int
) -> None:
    """What was recorded and is sent again later is refused, as is what comes from the future."""
    receiver = await receivers(answer(200))
    off = datetime.now(UTC) + timedelta(minutes=minutes)
    async with sender(receiver.place) as send:
        await send.send(request_for(f"http://{receiver.place}/", at=off))

    with pytest.raises(WebhookVerificationError, match=r"too (old|new)"):
        Webhook(SECRET).verify(receiver.bodies[0], dict(receiver.received[0].headers))


@pytest.mark.parametrize(
    ("status", "header", "pause"),
    [
        (429, "7", 7.0),
        (503, "3600", 3600.0),
        (503, "99999999", 6 * 24 * 3600.0),
        (503, "soon", None),
        (503, "Sun, 06 Nov 99999999999 08:49:37 GMT", None),
        (503, "Sun, 06 Nov 9999 23:59:37 -9999", None),
        (500, "7", None),
        (200, "7", None),
    ],
)
async def test_only_the_busy_can_ask_to_wait(
    receivers: Callable[..., Awaitable[Receiver]], status: int, header: str, pause: float | None
) -> None:
    """Retry-After counts with 429 and 503, in seconds that a queue can keep."""
    receiver = await receivers(answer(status, **{"Retry-After": header}))
    async with sender(receiver.place) as send:
        sent = await send.send(request_for(f"http://{receiver.place}/"))

    assert (sent.status, sent.retry_after) == (status, pause)


async def test_no_cookie_is_kept(receivers: Callable[..., Awaitable[Receiver]]) -> None:
    """A receiver cannot mark us."""
    receiver = await receivers(answer(200, **{"Set-Cookie": "a=b; Path=/"}))
    async with sender(receiver.place) as send:
        for _ in range(2):
            await send.send(request_for(f"http://{receiver.place}/"))

    assert [one.headers.get("cookie") for one in receiver.received] == [None, None]


async def test_a_silent_receiver_times_out(
    receivers: Callable[..., Awaitable[Receiver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not answer in time has failed."""
    monkeypatch.setattr(webhook_sender, "TIMEOUT", 0.2)

    async def hang(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(5)
        raise AssertionError

    receiver = await receivers(hang)
    async with sender(receiver.place) as send:
        sent = await send.send(request_for(f"http://{receiver.place}/"))

    assert (sent.status, sent.reason) == (None, NoAnswer.TIMED_OUT)


async def test_an_endless_body_is_not_read(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """The status counts, and the connection ends after a kilobyte."""
    written = 0

    async def flood(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while written < 50_000_000:
            await response.write(b"x" * 10_000)
            written += 10_000
        return response

    receiver = await receivers(flood)
    async with sender(receiver.place) as send:
        sent = await send.send(request_for(f"http://{receiver.place}/"))

    assert sent.delivered
    assert written < 50_000_000


async def raw(content: bytes, send_to: Callable[[str], Awaitable[Sent]]) -> Sent:
    """Return the outcome at a server that sends some bytes and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(content)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        return await send_to(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", None, NoAnswer.CONNECTION_FAILED),
        (b"hello\r\n\r\n", None, NoAnswer.INVALID_ANSWER),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, None, NoAnswer.INVALID_ANSWER),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", 200, None),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nbad", 200, None),
    ],
)
async def test_a_broken_answer_is_an_outcome(
    content: bytes, status: int | None, reason: NoAnswer | None
) -> None:
    """Whatever a receiver sends, the request ends with a status or a reason."""

    async def send_to(place: str) -> Sent:
        async with sender(place) as send:
            return await send.send(request_for(f"http://{place}/"))

    sent = await raw(content, send_to)

    assert (sent.status, sent.reason) == (status, reason)


async def test_nobody_there_is_an_outcome() -> None:
    """A port that is closed, and a name that nobody has."""
    with listening("127.0.0.1") as (port, _):
        pass
    async with sender(f"127.0.0.1:{port}") as send:
        closed = await send.send(request_for(f"http://127.0.0.1:{port}/"))
        unknown = await send.send(request_for("https://nobody.invalid/"))
        too_long = await send.send(request_for(f"https://{'a' * 70}.example/"))

    assert closed.reason is NoAnswer.CONNECTION_FAILED
    assert {unknown.reason, too_long.reason} == {NoAnswer.NO_PUBLIC_ADDRESS}


async def test_a_certificate_has_to_be_trusted_and_of_the_name(
    receivers: Callable[..., Awaitable[Receiver]],
) -> None:
    """Events go to who the name belongs to, or nowhere."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    receiver = await receivers(answer(200), tls)
    place = f"localhost:{receiver.port}"
    async with sender(place, receiver.place) as send:
        unknown = await send.send(request_for(f"https://{place}/"))
        authority.configure_trust(send._tls)  # noqa: SLF001 - as the machine's own authorities
        trusted = await send.send(request_for(f"https://{place}/"))
        other_name = await send.send(request_for(f"https://{receiver.place}/"))

    assert unknown.reason is other_name.reason is NoAnswer.TLS_FAILED
    assert trusted.delivered
    assert len(receiver.received) == 1
