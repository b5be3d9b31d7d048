"""The host as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import override

import uvicorn
from starlette.types import ASGIApp

from azure_quantum_emulator.serving.ready_file import write_ready_file
from localdev.host import worker
from localdev.host.app import App
from localdev.host.authentication import Authenticated, Authentication
from localdev.host.configuration import HostOptions, load_host, load_settings
from localdev.host.connections import Connections
from localdev.host.http import application
from localdev.host.keys import Keys
from localdev.host.queues import Queues
from localdev.host.registration import register
from localdev.serving.http_server import HOST, Server

_DRAIN = 5
"""Seconds that running invocations get when the host stops."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the host is to run."""

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
    quiet: bool = False


async def serve(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

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
    app = await _load(options.app, host_options)
    with socket.create_server((HOST, options.port), backlog=512) as listener:
        config = uvicorn.Config(
            _front(application(app, options.keys), options),
            http="httptools",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the functions read them themselves
            timeout_keep_alive=120,  # longer than clients keep a connection they do not use
            timeout_graceful_shutdown=_DRAIN,
        )
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        server = _Server(config, app, ready=lambda: _announce(options, app, url))
        await server.serve(sockets=[listener])


def _front(app: ASGIApp, options: Options) -> ASGIApp:
    if options.authentication is None:
        return app
    return Authenticated(app, options.authentication, options.metadata_url)


class _Server(Server):
    """Starts and stops what else runs in the host together with the HTTP server."""

    def __init__(self, config: uvicorn.Config, app: App, ready: Callable[[], None]) -> None:
        super().__init__(config, ready=self._start)
        self._app = app
        self._announce = ready

    def _start(self) -> None:
        self._app.start()
        self._announce()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        started = asyncio.get_running_loop().time()
        self._app.stop()
        await super().shutdown(sockets)
        spent = asyncio.get_running_loop().time() - started
        await self._app.drain(max(0.0, _DRAIN - spent))


async def _load(folder: Path, options: HostOptions) -> App:
    app = App(options, Queues(Connections(), base64_texts=options.queues.base64))
    for function in await worker.index(folder):
        register(app, function)
    return app


def _announce(options: Options, app: App, url: str) -> None:
    if not options.quiet:
        print(f"Functions are at {url}", *app.described(), sep="\n  ", flush=True)  # noqa: T201 - a command
    if options.ready_file is None:
        return
    facts = {"url": url, "key": options.keys.host, "masterKey": options.keys.master}
    write_ready_file(options.ready_file, facts)
