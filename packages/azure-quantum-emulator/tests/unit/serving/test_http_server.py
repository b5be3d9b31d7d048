"""Tests of the HTTP server that every process has."""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from azure_quantum_emulator.serving.certificates import Authority
from azure_quantum_emulator.serving.http_server import HOST, add_server_arguments, listening
from emulator_support.patience import PATIENCE

# Two listeners of one application, which says on standard output what happens in which order.
PROGRAM = """
import asyncio, contextlib, signal, sys
from pathlib import Path
import uvloop
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.serving.http_server import listening, serve

def say(*words):
    print(*words, flush=True)

async def quick(request):
    return PlainTextResponse(request.url.scheme)

async def slow(request):
    say("asked")
    await asyncio.sleep(0.5)
    return PlainTextResponse("answered")

async def endless(request):
    say("asked")
    await asyncio.Event().wait()

def stopping(number):
    say("stopping")
    return 1 if number == signal.SIGTERM else 600

@contextlib.asynccontextmanager
async def lifespan():
    say("starting")
    await asyncio.sleep(float(sys.argv[1]))
    yield
    say("ended")

async def main():
    routes = [Route("/quick", quick), Route("/slow", slow), Route("/endless", endless)]
    app = Starlette(routes=routes)
    certificate = Certificate(Path(sys.argv[2]), Path(sys.argv[3]))
    with listening(0) as plain, listening(0, certificate) as secure:
        await serve(app, plain, secure, ready=lambda: say(plain.url, secure.url),
                    lifespan=lifespan(), stopping=stopping)

uvloop.run(main())
"""


class Server:
    """The program above as a process."""

    def __init__(self, authority: Authority, directory: Path, start_seconds: float) -> None:
        """Start it; it takes *start_seconds* to get ready."""
        certificate = authority.issue(directory, "server")
        files = (str(certificate.chain), str(certificate.key))
        self.authority = authority
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(start_seconds), *files],
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """Return the next line that it says."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def rest(self) -> list[str]:
        """Return what it says until it ends, which has to be with exit status 0."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0
        return said.splitlines()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return an authority for a server's certificate."""
    return Authority(tmp_path / "ca.pem")


@pytest.fixture
def server(authority: Authority, tmp_path: Path) -> Iterator[Server]:
    """Start a server that is ready at once."""
    running = Server(authority, tmp_path, 0)
    yield running
    running.process.kill()
    running.process.communicate()


def test_every_listener_serves_the_application(server: Server) -> None:
    """One application answers without and with TLS, on both addresses that it was given."""
    assert server.line() == "starting"
    plain, secure = server.line().split()

    trusted = ssl.create_default_context(cafile=server.authority.file)
    assert httpx.get(f"{plain}quick", timeout=PATIENCE).text == "http"
    assert httpx.get(f"{secure}quick", verify=trusted, timeout=PATIENCE).text == "https"


def test_who_is_behind_a_proxy_is_the_applications_business(server: Server) -> None:
    """No header of a request changes what the server says about it."""
    server.line()
    plain = server.line().split()[0]

    headers = {"x-forwarded-proto": "https"}

    assert httpx.get(f"{plain}quick", headers=headers, timeout=PATIENCE).text == "http"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_request_is_answered_after_the_signal(server: Server, number: int) -> None:
    """Who has asked gets the response; the rest ends after it, and the exit status is 0."""
    server.line()
    url = server.line().split()[0]
    texts: list[str] = []
    asking = threading.Thread(
        target=lambda: texts.append(httpx.get(f"{url}slow", timeout=PATIENCE).text)
    )
    asking.start()
    assert server.line() == "asked"

    server.process.send_signal(number)

    assert server.rest() == ["stopping", "ended"]
    asking.join(PATIENCE)
    assert texts == ["answered"]


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_a_request_without_end_does_not_hold_the_server(server: Server, signals: list[int]) -> None:
    """It is cut off when its time is over, which depends on the signal, or at a second SIGINT."""
    server.line()
    url = server.line().split()[0]
    asking = threading.Thread(target=_is_cut, args=(f"{url}endless",))
    asking.start()
    assert server.line() == "asked"

    for number in signals:
        server.process.send_signal(number)
        assert server.line() == "stopping"

    assert server.rest() == ["ended"]
    asking.join(PATIENCE)


def _is_cut(url: str) -> None:
    with contextlib.suppress(httpx.HTTPError):
        httpx.get(url, timeout=PATIENCE)


def test_a_signal_during_the_start_is_obeyed(authority: Authority, tmp_path: Path) -> None:
    """A server that is told to stop before it is ready never says that it is."""
    server = Server(authority, tmp_path, 1)
    assert server.line() == "starting"

    server.process.send_signal(signal.SIGTERM)

    assert server.rest() == ["stopping", "ended"]


def test_a_port_that_is_taken_is_an_error() -> None:
    """Two servers never share a port."""
    with (
        listening(0) as first,
        pytest.raises(OSError, match=str(first.port)),
        listening(first.port),
    ):
        pytest.fail("the port was opened twice")


def test_only_this_machine_is_listened_to() -> None:
    """The socket is bound to loopback."""
    with listening(0) as listener:
        assert listener.socket.getsockname() == (HOST, listener.port)
        assert socket.inet_aton(HOST) == socket.inet_aton("127.0.0.1")


@pytest.mark.parametrize(
    ("text", "good"), [("0", True), ("65535", True), ("65536", False), ("-1", False), ("x", False)]
)
def test_ports_are_from_0_to_65535(text: str, *, good: bool) -> None:
    """A number that is no port is refused on the command line, not by the socket."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_server_arguments(parser)
    line = [f"--port={text}"]

    if good:
        assert parser.parse_args(line).port == int(text)
    else:
        with pytest.raises(argparse.ArgumentError):
            parser.parse_args(line)
