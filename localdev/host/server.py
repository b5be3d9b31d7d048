"""The host as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from localdev.host import worker
from localdev.host.app import App
from localdev.host.configuration import HostOptions, load_host, load_settings
from localdev.host.http import application
from localdev.host.keys import Keys
from localdev.host.queues import Queues

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """How the host is to run."""

    app: Path
    """The folder of the function app."""
    keys: Keys
    settings: Path | None = None
    port: int = 0
    """0 takes a free one."""
    ready_file: Path | None = None
    quiet: bool = False


async def serve(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: a file of the app or its environment does not allow it to run.
        IndexingError: the worker refuses the app.
        OSError: the port is taken.

    """
    load_settings(options.settings)
    app = await _load(options.app, load_host(options.app))
    listener = socket.create_server((HOST, options.port), backlog=512)
    url = f"http://{HOST}:{listener.getsockname()[1]}"

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        app.start()
        try:
            _announce(options, app, url)
            yield
        finally:
            await app.stop()

    config = uvicorn.Config(
        application(app, options.keys, lifespan),
        http="httptools",
        lifespan="on",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the functions read them themselves
        timeout_keep_alive=120,  # longer than clients keep a connection they do not use
        timeout_graceful_shutdown=5,
    )
    # After a clean stop uvicorn raises the signal again, for which the process would die.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with listener:
        await uvicorn.Server(config).serve(sockets=[listener])


async def _load(folder: Path, options: HostOptions) -> App:
    app = App(options, Queues(coded=options.queues.base64))
    for function in await worker.index(folder):
        app.add(function)
    return app


def _announce(options: Options, app: App, url: str) -> None:
    if not options.quiet:
        print(f"Functions are at {url}", *app.described(), sep="\n  ", flush=True)  # noqa: T201 - a command
    if options.ready_file is None:
        return
    facts = {"url": url, "key": options.keys.host, "masterKey": options.keys.master}
    # Whoever waits for the file must not see half of it.
    draft = options.ready_file.with_name(f"{options.ready_file.name}.tmp")
    draft.write_text(json.dumps(facts), encoding="utf-8")
    draft.replace(options.ready_file)
