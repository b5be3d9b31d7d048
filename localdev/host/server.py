"""The host as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from azure_quantum_emulator.serving.http_server import listening, serve
from azure_quantum_emulator.serving.ready_file import announce
from localdev.host import worker
from localdev.host.app import App
from localdev.host.authentication import Authenticated, Authentication
from localdev.host.configuration import load_host, load_settings
from localdev.host.connections import Connections
from localdev.host.http import Front
from localdev.host.keys import Keys
from localdev.host.queues import Queues
from localdev.host.registration import register

DRAIN_SECONDS = {signal.SIGINT: 30, signal.SIGTERM: 5}
"""Seconds that running functions get when the host stops: at SIGINT those that the Functions host
gives to requests, and fewer at SIGTERM, by which a stack stops its parts."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the host's process."""

    app: Path
    """The folder of the function app."""
    keys: Keys
    settings: Path | None = None
    authentication: Authentication | None = None
    """Who may call at all; None asks nobody."""
    metadata_url: str = ""
    """Where the issuer of their tokens publishes its metadata."""
    port: int = 0
    """0 takes a free one."""
    ready_file: Path | None = None


async def run(options: Options) -> bool:
    """Run until SIGINT or SIGTERM, or until the host fails; return whether it failed.

    Raises:
        ConfigurationError: a file of the app or its environment does not allow it to run.
        IndexingError: the worker refuses the app.
        OSError: the port is taken, or the ready file cannot be written.

    """
    load_settings(options.settings)
    host_options = load_host(options.app)
    os.chdir(options.app)  # where the platform starts a worker
    if options.authentication is not None:
        os.environ["WEBSITE_AUTH_ENABLED"] = "True"  # as the platform tells the app
    app = App(host_options, Queues(Connections(), base64_texts=host_options.queues.base64))
    for function in await worker.index(options.app):
        register(app, function)
    front: ASGIApp = Front(app, options.keys)
    if options.authentication is not None:
        front = Authenticated(front, options.authentication, options.metadata_url)

    def stopping(number: int) -> int:
        again = app.stopping and number == signal.SIGINT
        seconds = 0 if again else DRAIN_SECONDS[signal.Signals(number)]
        app.stop(seconds)
        return seconds

    with listening(options.port) as listener:
        url = listener.url.rstrip("/")
        facts = {"url": url, "key": options.keys.host, "masterKey": options.keys.master}
        text = "\n  ".join([f"Functions are at {url}", *app.described()])
        await serve(
            front,
            listener,
            ready=lambda: announce(options.ready_file, facts, text),
            lifespan=_running(app),
            stopping=stopping,
        )
    return app.failed


@contextlib.asynccontextmanager
async def _running(app: App) -> AsyncIterator[None]:
    app.start()
    yield
    await app.drain()
