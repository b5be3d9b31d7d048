"""The emulator as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from localdev.emulator.api import urls
from localdev.emulator.jobs import JobStore
from localdev.emulator.runner import Runner
from localdev.emulator.storage import BlobStorage
from localdev.emulator.workspace import Identity, Workspace
from localdev.ready_file import write_ready_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

HOST = "127.0.0.1"  # there is no TLS, so nobody else's machine may ask


@dataclass(frozen=True, slots=True)
class Options:
    """How the emulator is to run."""

    identity: Identity
    storage: str
    """Connection string of the linked storage account."""
    port: int = 0
    """0 takes a free one."""
    workers: int = 1
    ready_file: Path | None = None
    quiet: bool = False


def serve(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        OSError: the port is taken.
        ValueError: the connection string is wrong.

    """
    listener = socket.create_server((HOST, options.port), backlog=512)
    url = f"http://{HOST}:{listener.getsockname()[1]}/"

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with _workspace(options) as workspace:
            app.state.workspace = workspace
            _announce(options, url)
            yield

    config = uvicorn.Config(
        urls.application(options.identity, lifespan),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        ws="none",
        log_level="warning" if options.quiet else "info",
        access_log=not options.quiet,
        server_header=False,
        timeout_keep_alive=120,  # longer than clients keep a connection they do not use
        timeout_graceful_shutdown=3,
    )
    # After a clean stop uvicorn raises the signal again, for which the process would die.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


@contextlib.asynccontextmanager
async def _workspace(options: Options) -> AsyncIterator[Workspace]:
    storage = BlobStorage.from_connection_string(options.storage)
    store = JobStore()
    try:
        async with Runner(store, storage, options.workers, time.time_ns) as runner:
            yield Workspace(options.identity, store, storage, runner)
    finally:
        await storage.close()


def _announce(options: Options, url: str) -> None:
    identity = options.identity
    if not options.quiet:
        print(f"Workspace {identity.name} is at {url}", flush=True)  # noqa: T201 - a command
    if options.ready_file is None:
        return
    facts = {
        "url": url,
        "apiKey": identity.api_key,
        "subscriptionId": identity.subscription_id,
        "resourceGroup": identity.resource_group,
        "name": identity.name,
        "location": identity.location,
    }
    write_ready_file(options.ready_file, facts)
