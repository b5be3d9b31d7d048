"""Webhooks reach public addresses alone, whatever a URL, a name server or a receiver says."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable

import pytest

from qjobs.adapters import webhook_sender
from qjobs.domain.public_address import is_public
from qjobs.domain.webhook_request import NoAnswer
from tests.unit.adapters.webhook_receivers import (
    Names,
    Receiver,
    answer,
    connections,
    listening,
    request_for,
    sender,
)

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


async def test_a_name_that_changes_between_check_and_connect_gains_nothing(
    receivers: Callable[..., Awaitable[Receiver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that is checked is the one connected to, of one look-up for each request."""
    receiver = await receivers(answer(204))
    monkeypatch.setattr(
        webhook_sender, "is_public", lambda one: one == "127.0.0.1" or is_public(one)
    )
    names = Names([["127.0.0.1"], ["::1"]])
    url = f"http://changes.example:{receiver.port}/"
    with listening("::1", port=receiver.port) as (_, sockets):
        async with sender(resolver=names) as send:
            first = await send.send(request_for(url))
            assert names.asked == ["changes.example"]
            second = await send.send(request_for(url))

        assert (first.status, len(receiver.received)) == (204, 1)
        assert second.reason is NoAnswer.NO_PUBLIC_ADDRESS
        assert len(names.asked) == 2  # nothing is remembered either
        assert connections(sockets) == 0


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
