"""Options of the clients of Azure: one attempt and short timeouts, since the queues do the waiting.

A client that repeats sleeps for as long as the other side asks, up to days, in a thread that
others need. Here an error comes at once, and the message of the job waits in its queue.
"""

from __future__ import annotations

from typing import Any

from azure.core.pipeline.transport import RequestsTransport

CONNECT_SECONDS = 3.0
"""Until a connection to the workspace, its storage, the identity or the vault is open."""
READ_SECONDS = 10.0
"""Without a byte of their response."""
STORAGE_CONNECT_SECONDS = 1.0
"""Until a connection to the app's own storage is open."""
STORAGE_SECONDS = 3.0
"""For a whole request to the app's own storage, and without a byte of the token for it: an HTTP
function answers within five."""
CHANNEL_CONNECT_SECONDS = 1.0
"""Until a connection to the channel's service is open."""
CHANNEL_SECONDS = 3.0
"""Without a byte of its response, or of the token for it: an HTTP function answers within five."""
STORAGE_REPEAT_WITHIN = 1.0
"""Seconds within which a request to the app's own storage has to fail to be repeated, once."""
STORAGE_PAUSE = 0.15
"""Seconds before it is repeated, and at random up to a tenth of a second less or more."""
_MOST_HOSTS = 8
"""Hosts to which connections are kept open."""
_MOST_CONNECTIONS = 64
"""Connections kept open to each: what threads use beyond them is opened and closed each time."""


def one_attempt() -> dict[str, Any]:
    """Return the options with which a client of any Azure SDK sends each request once."""
    return {
        "retry_total": 0,
        "connection_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
    }


def shared_transport() -> RequestsTransport:
    """Return a transport for many threads at once, with the same limits of time."""
    transport = RequestsTransport(connection_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
    transport.open()
    for adapter in transport.session.adapters.values():
        adapter.init_poolmanager(connections=_MOST_HOSTS, maxsize=_MOST_CONNECTIONS)
    return transport
