"""Answers of receivers, good and bad: each is an outcome, over real sockets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import pytest
import trustme
from aiohttp import web

from qjobs.adapters import webhook_sender
from qjobs.domain.webhook_request import NoAnswer, Sent
from tests.unit.adapters.webhook_receivers import (
    Receiver,
    answer,
    listening,
    request_for,
    sender,
)


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
