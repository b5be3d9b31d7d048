"""The proxy between the functions and their services: each fault as a client of it meets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

import httpx
import pytest
from aiohttp import web

from emulator_support.patience import PATIENCE, async_tries
from tools.soak.faults import Fault, FaultSource
from tools.soak.proxy import FaultProxy

JOB = "/jobs/00000000-0000-0000-0000-000000000001"
BODY = "a body of some length, which can be cut"


class Server:
    """A server that notes what reaches it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with BODY, in chunks if that is asked for, or as an echo."""
        self.seen.append((request.method, await request.text()))
        if request.path == "/chunks":
            response = web.StreamResponse()
            await response.prepare(request)
            for part in BODY.split(" "):
                await response.write(part.encode())
            return response
        if request.path == "/echo":
            return web.Response(text=f"at {await request.text()}", status=201)
        return web.Response(text=BODY, headers={"etag": "1"})


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, int]]:
    """Start a server; yields it with its port."""
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield server, runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
async def proxy(server: tuple[Server, int]) -> AsyncIterator[FaultProxy]:
    """Start a proxy before the server, without faults."""
    proxy = FaultProxy(FaultSource(Random(1), {}, on=True), upstream=server[1])
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.fixture
async def client(proxy: FaultProxy) -> AsyncIterator[httpx.AsyncClient]:
    """Connect a client to the proxy, which keeps its connection."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{proxy.port}", timeout=PATIENCE
    ) as client:
        yield client


async def test_what_meets_no_fault_passes(
    client: httpx.AsyncClient, server: tuple[Server, int]
) -> None:
    """Bodies, chunks, headers and responses without a body come through, on one connection."""
    assert (await client.put("/", content=b"x" * 100_000)).text == BODY
    assert (await client.get("/chunks")).text == BODY.replace(" ", "")
    headed = await client.head("/")
    assert (headed.text, headed.headers["etag"], headed.headers["content-length"]) == (
        "",
        "1",
        str(len(BODY)),
    )
    assert (await client.get("/")).text == BODY
    assert [method for method, _ in server[0].seen] == ["PUT", "GET", "HEAD", "GET"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.THROTTLED, 429),
        (Fault.THROTTLED_FOR, 429),
        (Fault.UNAVAILABLE, 503),
        (Fault.FORBIDDEN, 403),
    ],
)
async def test_a_refusal_is_not_forwarded(
    client: httpx.AsyncClient,
    proxy: FaultProxy,
    server: tuple[Server, int],
    fault: Fault,
    status: int,
) -> None:
    """The client gets the status; the server sees nothing."""
    proxy.faults.rates = {fault: 1.0}

    response = await client.get("/")

    assert response.status_code == status
    assert ("retry-after" in response.headers) is (fault is Fault.THROTTLED_FOR)
    assert server[0].seen == []
    assert proxy.faults.counts == {fault: 1}


async def test_a_refusal_of_a_head_has_no_body(proxy: FaultProxy) -> None:
    """Else a client would take it for the beginning of the next response."""
    proxy.faults.rates = {Fault.FORBIDDEN: 1.0}
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    for method in (b"HEAD", b"HEAD", b"GET"):
        writer.write(method + b" / HTTP/1.1\r\nHost: here\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 403 ")
    writer.close()


@pytest.mark.parametrize(
    ("fault", "seen"), [(Fault.RESET, 0), (Fault.LOST_ANSWER, 1), (Fault.CUT_BODY, 1)]
)
async def test_a_broken_connection_is_broken_before_or_after(
    client: httpx.AsyncClient,
    proxy: FaultProxy,
    server: tuple[Server, int],
    fault: Fault,
    seen: int,
) -> None:
    """A reset request has no effect; one whose answer is lost or cut has, once."""
    proxy.faults.rates = {fault: 1.0}

    with pytest.raises(httpx.TransportError):
        await client.get("/")

    assert len(server[0].seen) == seen


async def test_half_of_a_cut_body_arrives(client: httpx.AsyncClient, proxy: FaultProxy) -> None:
    """The status is there and the length, and then the body ends too early."""
    proxy.faults.rates = {Fault.CUT_BODY: 1.0}
    got = bytearray()

    async def read() -> None:
        async with client.stream("GET", "/") as response:
            assert response.headers["content-length"] == str(len(BODY))
            async for part in response.aiter_raw():
                got.extend(part)

    with pytest.raises(httpx.TransportError):
        await read()
    assert got == BODY.encode()[: len(BODY) // 2]


async def test_silence_lasts_as_long_as_the_outage(
    client: httpx.AsyncClient, proxy: FaultProxy, server: tuple[Server, int]
) -> None:
    """No request gets through or has a response, until the connections break at its end."""
    proxy.faults.outage = Fault.SILENCE
    asked = asyncio.create_task(get(client))
    async for _ in async_tries(0.01):
        if proxy.faults.counts[Fault.SILENCE]:
            break
    assert not asked.done()
    proxy.faults.outage = None

    with pytest.raises(httpx.TransportError):
        await asked
    assert server[0].seen == []
    assert await get(client) == BODY


async def test_only_a_job_that_is_there_is_denied(
    client: httpx.AsyncClient, proxy: FaultProxy
) -> None:
    """A 404 is for the GET of a job, unless its target is spared."""
    proxy.faults.rates = {Fault.NOT_FOUND: 1.0}

    assert (await client.get(f"/workspaces/w{JOB}")).status_code == 404
    assert (await client.put(f"/workspaces/w{JOB}")).status_code == 200
    assert (await client.get("/workspaces/w/jobs")).status_code == 200
    proxy.spared = b"some length"
    assert (await client.get(f"/workspaces/w{JOB}")).status_code == 200


async def test_addresses_in_bodies_are_those_of_the_links(
    client: httpx.AsyncClient, proxy: FaultProxy, server: tuple[Server, int]
) -> None:
    """The client is told the address of a link, and the server sees its own."""
    proxy.renamed = {b"127.0.0.1:10000/": b"127.0.0.1:5/"}

    echo = await client.post("/echo", content="http://127.0.0.1:5/blob")

    assert server[0].seen == [("POST", "http://127.0.0.1:10000/blob")]
    assert echo.text == "at http://127.0.0.1:5/blob"


async def test_a_server_that_comes_back_is_found_again(
    client: httpx.AsyncClient, proxy: FaultProxy, server: tuple[Server, int]
) -> None:
    """While it is away connections are reset; afterwards everything passes."""
    port, proxy.upstream = proxy.upstream, 1

    with pytest.raises(httpx.TransportError):
        await client.get("/")
    proxy.upstream = port

    assert await asyncio.gather(*(get(client) for _ in range(3))) == [BODY] * 3


async def get(client: httpx.AsyncClient) -> str:
    """Return the body of a response."""
    return (await client.get("/")).text
