"""Connections that break, seen by a client of a real server."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from azure_quantum_emulator.api.connections import DroppableProtocol
from azure_quantum_emulator.api.fault_middleware import FaultMiddleware
from azure_quantum_emulator.fault_injection.scenario import Scenario
from emulator_support.patience import PATIENCE

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Quantum/workspaces/w"
JOB = f"{WORKSPACE}/jobs/1"
BODY = b"0123456789" * 100


class Server:
    """A server that does one thing and counts how often it did."""

    def __init__(self, what: str) -> None:
        self.seen = 0
        fault = {"disconnect": what, "times": 1}
        routes = [
            Route(f"{WORKSPACE}/jobs", self._stream),
            Route("/{path:path}", self._answer, methods=["GET", "PUT", "DELETE"]),
        ]
        self.app = Starlette(routes=routes, middleware=[Middleware(FaultMiddleware)])
        self.app.state.scenario = Scenario.from_json({"faults": [fault]})

    async def _answer(self, request: Request) -> Response:
        self.seen += 1
        return Response(status_code=204) if request.method == "DELETE" else Response(BODY)

    async def _stream(self, _: Request) -> Response:
        self.seen += 1
        return StreamingResponse(iter([BODY, BODY]))

    @contextlib.contextmanager
    def connected(self) -> Iterator[httpx.Client]:
        """Run it, and return a client that keeps its connection."""
        config = uvicorn.Config(
            self.app, http=DroppableProtocol, loop="uvloop", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            try:
                with httpx.Client(base_url=address, timeout=PATIENCE) as client:
                    yield client
            finally:
                server.should_exit = True
                thread.join()


@pytest.mark.parametrize(("what", "seen"), [("request", 0), ("answer", 1), ("body", 1)])
def test_a_lost_connection_is_an_error_of_the_connection(
    what: str, seen: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no 500; the next request is answered, and the server finds nothing to complain of."""
    server = Server(what)
    with server.connected() as client:
        with pytest.raises(httpx.TransportError):
            client.put(JOB, content=b"x" * 100_000)
        assert server.seen == seen
        assert client.put(JOB).content == BODY
        assert server.seen == seen + 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_connection_that_was_used_before_can_be_lost() -> None:
    """Each request of a connection is on its own."""
    server = Server("answer")
    with server.connected() as client:
        assert client.get("/elsewhere").content == BODY
        with pytest.raises(httpx.TransportError):
            client.get(JOB)
        assert client.get(JOB).content == BODY


@pytest.mark.parametrize("path", [JOB, f"{WORKSPACE}/jobs"])
def test_a_body_breaks_off_in_the_middle(path: str) -> None:
    """The client has the head of a good answer and half of its body, however long it is to be."""
    server = Server("body")
    with server.connected() as client:
        with client.stream("GET", path) as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                answer.read()
        whole = client.get(path).content
    with server.connected() as client:
        server.app.state.scenario.reset()
        received = b""
        with client.stream("GET", path) as answer, contextlib.suppress(httpx.TransportError):
            for part in answer.iter_bytes():
                received += part
    assert received == whole[: len(whole) // 2]


def test_an_answer_without_a_body_is_lost_as_a_whole() -> None:
    """Its head alone would be complete."""
    server = Server("body")
    with server.connected() as client:
        with pytest.raises(httpx.TransportError):
            client.delete(JOB)
        assert client.delete(JOB).status_code == 204


async def test_another_server_is_told_what_it_lacks() -> None:
    """Rather than that nothing happens."""
    transport = httpx.ASGITransport(Server("request").app)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
        with pytest.raises(RuntimeError, match="needs DroppableProtocol"):
            await client.get(JOB)
