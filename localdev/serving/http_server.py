"""Uvicorn as a part of the local stack: it says when it answers, and a signal is no failure."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING, Any, override

import uvicorn

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

HOST = "127.0.0.1"  # nobody else's machine may ask


def configuration(app: ASGIApp, **more: Any) -> uvicorn.Config:  # noqa: ANN401 - uvicorn's own
    """Return how a part serves *app*: without a word, and without waiting long at its end."""
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        **more,
    )


class Server(uvicorn.Server):
    """A server that stops on SIGINT or SIGTERM and then returns, so the process exits with 0."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Prepare a server; *ready* is called once it answers."""
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Uvicorn's own would be raised again at the end: that would be another exit status.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
