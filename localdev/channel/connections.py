"""Connections of clients, with the messages that each of them has not acknowledged.

Source: Microsoft's specification of clients of Azure Web PubSub, its parts on sequence ids and on
the recovery of connections.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

MOST_KEPT = 1000
"""Messages that a connection may leave unacknowledged; it is closed at the next one."""
KEPT_SECONDS = 30.0
"""How long a connection without a socket can be recovered."""
POLICY_VIOLATION = 1008
"""Code of the close frame after which a client does not try to recover its connection."""


class Socket(Protocol):
    """The WebSocket of a client."""

    async def send_str(self, data: str) -> None:
        """Send a text frame."""


@dataclass(eq=False, slots=True)
class Connection:
    """The connection of a client, which outlives its socket where the subprotocol is reliable."""

    hub: str
    user: str
    reliable: bool
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    reconnection_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    socket: Socket | None = None
    _kept: deque[tuple[int, str]] = field(default_factory=deque)
    _last: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    closed_for: str | None = None
    """The reason for which it is over; None while it is not."""

    def add(self, message: Mapping[str, Any]) -> None:
        """Keep a message for the client, until it is sent or, if reliable, acknowledged."""
        if self.closed_for is not None:
            return
        self._last += 1
        numbered = {**message, "sequenceId": self._last} if self.reliable else message
        self._kept.append((self._last, json.dumps(numbered)))
        if len(self._kept) > MOST_KEPT:
            self.close("Too many messages are not acknowledged.")
        self._changed.set()

    def acknowledge(self, number: int) -> None:
        """Forget the messages up to a sequence id."""
        while self._kept and self._kept[0][0] <= number:
            self._kept.popleft()

    def close(self, reason: str) -> None:
        """Have the socket closed, without a way back."""
        self.closed_for = reason
        self._changed.set()

    async def write(self, socket: Socket) -> None:
        """Send to a socket what is kept, and then what comes.

        Returns when the connection is over, or another socket has taken over.

        Raises:
            ConnectionError: the socket is at its end.

        """
        sent = 0
        while self.socket is socket and self.closed_for is None:
            self._changed.clear()
            for number, text in [one for one in self._kept if one[0] > sent]:
                await socket.send_str(text)
                sent = number
                if not self.reliable:
                    self.acknowledge(number)
            if self._last <= sent:
                await self._changed.wait()

    def wake(self) -> None:
        """Let a writer look whether its socket is still the one."""
        self._changed.set()


@dataclass(slots=True)
class Connections:
    """The connections of all clients."""

    kept_seconds: float = KEPT_SECONDS
    _by_id: dict[str, Connection] = field(default_factory=dict)
    _ends: dict[str, asyncio.TimerHandle] = field(default_factory=dict)

    def open(self, hub: str, user: str, *, reliable: bool) -> Connection:
        """Return a new connection of a user."""
        connection = Connection(hub, user, reliable)
        self._by_id[connection.id] = connection
        return connection

    def recoverable(self, hub: str, connection_id: str, token: str) -> Connection | None:
        """Return the connection that a client wants back, if it is there and the token is its."""
        connection = self._by_id.get(connection_id)
        if connection is None or connection.hub != hub or not connection.reliable:
            return None
        right = hmac.compare_digest(connection.reconnection_token.encode(), token.encode())
        return connection if right and connection.closed_for is None else None

    def attach(self, connection: Connection, socket: Socket) -> None:
        """Give a connection its socket, in the place of one whose line may be cut."""
        if (end := self._ends.pop(connection.id, None)) is not None:
            end.cancel()
        connection.socket = socket
        connection.wake()

    def detach(self, connection: Connection, socket: Socket, *, closed: bool) -> None:
        """Note the end of a socket; the connection ends with it if closed, else after a while."""
        if connection.socket is not socket:
            return  # another one has taken over
        connection.socket = None
        if closed or connection.closed_for is not None or not connection.reliable:
            self._forget(connection.id)
            return
        loop = asyncio.get_running_loop()
        self._ends[connection.id] = loop.call_later(self.kept_seconds, self._forget, connection.id)

    def of(self, hub: str, user: str) -> Sequence[Connection]:
        """Return the connections of a user."""
        return [one for one in self._by_id.values() if (one.hub, one.user) == (hub, user)]

    def close(self, connection: Connection, reason: str) -> None:
        """Close a connection for good."""
        connection.close(reason)
        if connection.socket is None:
            self._forget(connection.id)

    def _forget(self, connection_id: str) -> None:
        self._by_id.pop(connection_id, None)
        if (end := self._ends.pop(connection_id, None)) is not None:
            end.cancel()
