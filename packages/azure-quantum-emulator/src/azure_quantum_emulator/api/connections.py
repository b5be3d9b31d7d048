"""An ASGI extension to close a connection without a response."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "azure_quantum_emulator.connection"


class DroppableProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol with the extension; to be given to uvicorn as `http`.

    If an application returns without a response, or raises, uvicorn sends a 500.
    """

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"close": self.transport.close}}


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request after the part of the response that was sent.

    Raises:
        RuntimeError: the server does not speak `DroppableProtocol`.

    """
    extension = scope.get("extensions", {}).get(EXTENSION)
    if extension is None:
        raise RuntimeError("The server cannot drop connections: it needs DroppableProtocol.")
    close: Callable[[], None] = extension["close"]
    close()
    # Uvicorn takes an application that returns before the connection is gone for a broken one.
    while (await receive())["type"] != "http.disconnect":
        pass
