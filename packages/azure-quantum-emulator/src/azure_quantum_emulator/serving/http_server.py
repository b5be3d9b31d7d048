"""An ASGI application as a process: it listens on loopback and stops on SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import uvicorn
import uvloop
from starlette.types import ASGIApp

from azure_quantum_emulator.serving.certificates import Certificate

HOST = "127.0.0.1"  # keys are known to everybody on this machine, so nobody else's may ask


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that accepts connections, with TLS if there is a certificate."""

    socket: socket.socket
    certificate: Certificate | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.socket.getsockname()[1])

    @property
    def url(self) -> str:
        """The address of the server, with a slash at the end."""
        return f"http{'s' if self.certificate else ''}://{HOST}:{self.port}/"


@contextlib.contextmanager
def listening(port: int, certificate: Certificate | None = None) -> Iterator[Listener]:
    """Open a listener on *port* of loopback, or on a free port if that is 0.

    Raises:
        OSError: the port is taken.

    """
    with socket.create_server((HOST, port), backlog=2048) as opened:
        yield Listener(opened, certificate)


async def serve(  # noqa: PLR0913 - what servers differ in, by name
    app: ASGIApp,
    *listeners: Listener,
    ready: Callable[[], None],
    lifespan: AbstractAsyncContextManager[object] | None = None,
    stopping: Callable[[int], int] = lambda _: 3,
    http: str | type[asyncio.Protocol] = "auto",
    access_log: bool = False,
) -> None:
    """Serve *app* on *listeners* until SIGINT or SIGTERM; a second SIGINT does not drain.

    Args:
        app: the application
        listeners: where it is served
        ready: called when requests are answered
        lifespan: what has to be running meanwhile
        stopping: called with the number of the signal, before connections are drained; returns
            how many seconds running requests may take
        http: uvicorn's implementation of HTTP
        access_log: log every request to standard output

    Raises:
        OSError: a certificate cannot be read.

    """
    servers = [
        _Server(
            uvicorn.Config(
                app,
                http=http,
                lifespan="off",
                ws="none",
                log_level="info" if access_log else "warning",
                access_log=access_log,
                server_header=False,
                proxy_headers=False,  # applications read them themselves
                timeout_keep_alive=120,  # longer than clients keep a connection they do not use
                ssl_certfile=listener.certificate.chain if listener.certificate else None,
                ssl_keyfile=listener.certificate.key if listener.certificate else None,
            )
        )
        for listener in listeners
    ]
    for server in servers:
        server.config.load()  # what is wrong with it shows before anybody is told

    def stop(number: int) -> None:
        seconds = stopping(number)
        for server in servers:
            server.config.timeout_graceful_shutdown = seconds
            server.handle_exit(number, None)

    on_signals(stop)
    async with lifespan or contextlib.nullcontext():
        if any(server.should_exit for server in servers):
            return
        ready()
        async with asyncio.TaskGroup() as tasks:
            for server, listener in zip(servers, listeners, strict=True):
                tasks.create_task(server.serve([listener.socket]))


def run_server(name: str, server: Coroutine[Any, Any, None], *errors: type[Exception]) -> int:
    """Run the process of a server; return its exit code.

    Args:
        name: the subject of the message, should it fail
        server: what is run
        errors: that it may raise besides `OSError`; the exit code is 1 then, and 0 otherwise

    """
    expected: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        uvloop.run(server)
    except expected as error:
        print(f"{name} cannot run: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


def on_signals(stop: Callable[[int], None]) -> None:
    """Have the running event loop call *stop* with the number of every SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)


class _Server(uvicorn.Server):
    """A server that leaves signals to `serve`: its own would be raised again at the end."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every server has: `--port` and `--ready-file`."""
    parser.add_argument(
        "--port", type=port, default=0, help=f"to listen on at {HOST}; without it, a free one"
    )
    parser.add_argument(
        "--ready-file", type=Path, metavar="FILE", help="written when requests are answered"
    )


def port(text: str) -> int:
    """Read the number of a port, or 0 for a free one, from a command line.

    Raises:
        argparse.ArgumentTypeError: it is none.

    """
    number = int(text)
    if not 0 <= number < 2**16:
        raise argparse.ArgumentTypeError(f"{number} is no port: 0 to 65535 are")
    return number
