"""The local gateway on real sockets: what it takes of HTTP, and what it sends to a backend."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from multidict import CIMultiDict

from emulator_support.patience import PATIENCE
from localdev.gateway.backends import Backend, BackendError, Connections
from localdev.gateway.context import Api, Context, Request, Url
from tests.unit.gateway import conftest
from tests.unit.gateway.conftest import APIM, Time, bearer, gateway

TOKEN = bearer({"scp": "jobs.read jobs.submit", "oid": "alice"})["authorization"].encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
SUBMIT = (
    b"POST /quantum/algorithms/ghz/jobs HTTP/1.1\r\nHost: api.example.com\r\n"
    b"Content-Type: application/json\r\nAuthorization: " + TOKEN + b"\r\n"
)
HEALTH = b"GET /quantum/health HTTP/1.1\r\nHost: api.example.com\r\n"


@dataclass
class Recorder:
    """A backend that keeps the bytes of each request, one to a connection, and answers the same."""

    answer: bytes = OK
    received: list[bytes] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        lower, body = head.lower(), b""
        if b"transfer-encoding: chunked" in lower:
            body = await reader.readuntil(b"0\r\n\r\n")
        elif b"content-length: " in lower:
            length = int(lower.split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
        self.received.append(head + body)
        writer.write(self.answer.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        writer.close()


class Server(uvicorn.Server):
    """A server that leaves the signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@contextlib.asynccontextmanager
async def recording(recorder: Recorder) -> AsyncIterator[str]:
    """Serve a recorder; yields its address."""
    async with await asyncio.start_server(recorder, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"


@dataclass
class Wire:
    """The gateway at a port, before a recorder."""

    port: int
    backend: Recorder

    async def send(self, data: bytes) -> bytes:
        """Send bytes and return what comes back until the gateway closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), PATIENCE)
        finally:
            writer.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Return a gateway with the policies as they are."""
    recorder = Recorder()
    async with recording(recorder) as address, contextlib.aclosing(Connections()) as connections:
        backend = Backend(address, None, connections)
        app = gateway(backend, Time())
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = Server(uvicorn.Config(app, http="h11", lifespan="off", log_level="error"))
            serving = asyncio.create_task(server.serve([listener]))
            yield Wire(listener.getsockname()[1], recorder)
            server.should_exit = True
            await serving


def problem(answer: bytes) -> dict[str, Any]:
    """Return the problem document in an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), answer
    document: dict[str, Any] = json.loads(body)
    return document


CHUNKS = (
    b'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{"a":\r\n3\r\n 1}\r\n0\r\n\r\n'
)


async def test_a_body_in_chunks_goes_on_with_a_length(wire: Wire) -> None:
    """The Functions host passes on nothing of a body without one."""
    await wire.send(SUBMIT + CHUNKS)

    (received,) = wire.backend.received
    assert b"transfer-encoding" not in received.lower()
    assert b"content-length: 8\r\n" in received.lower()
    assert received.endswith(b'\r\n\r\n{"a": 1}')


@pytest.fixture
def without_set_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the policy away that gives a body its length."""
    folder = tmp_path / "apim"
    shutil.copytree(APIM, folder)
    file = folder / "policies" / "operations" / "submit-job.xml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [line for line in lines if "<set-body>" not in line]
    assert len(rest) == len(lines) - 1
    file.write_text("".join(rest), encoding="utf-8")
    monkeypatch.setattr(conftest, "APIM", folder)


@pytest.mark.usefixtures("without_set_body")
async def test_without_the_policy_it_goes_on_in_chunks(wire: Wire) -> None:
    """Nothing but the policy gives it a length, here as on API Management."""
    await wire.send(SUBMIT + CHUNKS)

    (received,) = wire.backend.received
    assert b"transfer-encoding: chunked" in received.lower()
    assert b"content-length" not in received.lower()


async def test_after_two_lengths_the_connection_ends(wire: Wire) -> None:
    """What follows such a request is not taken for another; the chunks are its body."""
    two = SUBMIT + b"Content-Length: 3\r\n" + CHUNKS.replace(b"Connection: close\r\n", b"")

    answer = await wire.send(two + HEALTH + b"\r\n")

    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer.lower()
    (received,) = wire.backend.received
    assert received.endswith(b'\r\n\r\n{"a": 1}')


async def test_a_length_that_is_smaller_than_the_chunks_fools_nobody(wire: Wire) -> None:
    """The size of a body is that of its chunks."""
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (1001, b"x" * 1001)
    lengths = b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = await wire.send(SUBMIT + lengths + chunk)

    assert problem(answer)["code"] == "body-too-large"
    assert not wire.backend.received


@pytest.mark.parametrize("host", [b"api.example.com", b"other.example.com", b"a, b"])
@pytest.mark.parametrize("scheme", [b"http", b"HTTP", b"https"])
async def test_an_absolute_target_is_taken(wire: Wire, host: bytes, scheme: bytes) -> None:
    """The host is that of the target, whatever the header Host says (RFC 9112, 3.2.2)."""
    target = scheme + b"://api.example.com:8443/quantum/health?x=1"

    answer = await wire.send(
        b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 200 ")
    (received,) = wire.backend.received
    assert received.startswith(b"GET /api/health?x=1 HTTP/1.1\r\n")
    assert b"x-forwarded-host: api.example.com:8443\r\n" in received.lower()


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"http://api.example.com", 404),
        (b"http://api.example.com/", 404),
        (b"http://api.example.com?x", 404),
        (b"http:///quantum/health", 400),
        (b"http://a_b/quantum/health", 400),
        (b"http://user@api.example.com/quantum/health", 400),
        (b"ftp://api.example.com/quantum/health", 404),
    ],
)
async def test_an_absolute_target_that_is_none_is_refused(
    wire: Wire, target: bytes, status: int
) -> None:
    """A target without the API's path, or without a host, leads nowhere."""
    answer = await wire.send(
        b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert not wire.backend.received


@pytest.mark.parametrize("value", [b"a\x01b", b"\x7f", b"\x1b[31m"])
@pytest.mark.parametrize("name", [b"Prefer", b"Idempotency-Key", b"X-Anything"])
async def test_a_control_character_is_refused(wire: Wire, name: bytes, value: bytes) -> None:
    """A header that nobody could pass on is a problem that names it."""
    header = name + b": " + value + b"\r\nConnection: close\r\n\r\n"

    answer = await wire.send(HEALTH + header)

    document = problem(answer)
    assert (document["status"], document["code"]) == (400, "bad-request")
    assert name.decode().lower() in document["detail"]
    assert not wire.backend.received


async def test_a_tab_in_a_header_is_none_of_them(wire: Wire) -> None:
    """It is white space, which a value may have."""
    answer = await wire.send(HEALTH + b"X-Anything: a\tb\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (SUBMIT.replace(TOKEN, b"Basic x"), 401),
        (SUBMIT.replace(b"/ghz/jobs", b"/ghz/job"), 404),
        (SUBMIT.replace(b"POST", b"PUT"), 405),
        (SUBMIT, 413),
        (SUBMIT.replace(b"application/json", b"text/plain"), 415),
    ],
)
async def test_a_client_that_asks_first_sends_no_body(
    wire: Wire, request_: bytes, status: int
) -> None:
    """What is refused anyway is refused in the place of 100 Continue."""
    headers = b"Content-Length: 268435456\r\nExpect: 100-continue\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(request_ + headers)

    line = await asyncio.wait_for(reader.readline(), PATIENCE)

    writer.close()
    assert line.startswith(b"HTTP/1.1 %d " % status)


def asked() -> Context:
    """Return a request for a backend."""
    url = Url("http", "x", 80, "/targets", "", {})
    request = Request("GET", url, url, CIMultiDict(), b"", "", {})
    return Context(Api("qjobs", "", "quantum"), None, request)


def described() -> Any:  # noqa: ANN401 - JSON
    """Return the backend as it is deployed."""
    return json.loads((APIM / "backends.json").read_text(encoding="utf-8"))["functions"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_no_answer_of_a_backend_opens_its_breaker(status: int) -> None:
    """However often one operation fails, and whatever it says of later, others are served."""
    line = b"HTTP/1.1 %d Trouble\r\nRetry-After: 86400\r\n" % status
    recorder = Recorder(OK.replace(b"HTTP/1.1 200 OK\r\n", line))
    async with recording(recorder) as address, contextlib.aclosing(Connections()) as connections:
        backend = Backend.from_json(address, described(), connections)

        answers = [await backend.send(asked(), 30) for _ in range(30)]

    assert [answer.status_code for answer in answers] == [status] * 30


async def test_a_request_that_takes_too_long_opens_no_breaker() -> None:
    """One caller's slow request is not the backend's end."""
    document = described()
    document["circuitBreaker"]["rules"][0]["failureCondition"]["count"] = 1
    reasons = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with contextlib.aclosing(Connections()) as connections:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            backend = Backend.from_json(address, document, connections)
            for _ in range(2):
                with pytest.raises(BackendError) as failed:
                    await backend.send(asked(), 1)
                reasons.append(failed.value.reason)

    assert reasons == ["Timeout", "Timeout"]


async def test_a_backend_that_cannot_be_reached_is_left_alone() -> None:
    """After ten attempts in vain the next one is refused at once."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    reasons = []
    async with contextlib.aclosing(Connections()) as connections:
        backend = Backend.from_json(address, described(), connections)
        for _ in range(11):
            with pytest.raises(BackendError) as failed:
                await backend.send(asked(), 30)
            reasons.append(failed.value.reason)

    assert reasons == ["BackendConnectionFailure"] * 10 + ["CircuitBreakerOpen"]


TRACE, SPAN = "a" * 32, "b" * 16


async def traced(wire: Wire, headers: bytes) -> dict[str, str]:
    """Return the headers about traces that the backend gets of a request with *headers*."""
    await wire.send(HEALTH + headers + b"Connection: close\r\n\r\n")
    (received,) = wire.backend.received
    lines = received.decode().lower().splitlines()
    fields = (line.partition(": ") for line in lines if line.startswith("trace"))
    return {name: value for name, _, value in fields}


@pytest.mark.parametrize("flags", ["00", "01"])
async def test_a_request_stays_in_its_trace(wire: Wire, flags: str) -> None:
    """The call to the backend is a span of its own in it, other than the caller's."""
    sent = f"traceparent: 00-{TRACE}-{SPAN}-{flags}\r\ntracestate: a=b\r\n"
    seen = await traced(wire, sent.encode())

    version, trace, span, sampled = seen["traceparent"].split("-")
    assert (version, trace, sampled, seen["tracestate"]) == ("00", TRACE, flags, "a=b")
    assert span != SPAN
    assert int(span, 16)


@pytest.mark.parametrize("text", [None, "nonsense", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-"])
async def test_a_request_without_a_trace_begins_one(wire: Wire, text: str | None) -> None:
    """Nothing of a malformed one goes on."""
    headers = "" if text is None else f"traceparent: {text}\r\ntracestate: a=b\r\n"
    seen = await traced(wire, headers.encode())

    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", seen["traceparent"])
    assert TRACE not in seen["traceparent"]
    assert "tracestate" not in seen
