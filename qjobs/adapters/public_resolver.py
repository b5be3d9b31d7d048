"""Resolution of the names of webhooks, in threads of its own."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

_THREADS = 8
"""Names that are looked up at the same time."""


class PublicResolver(AbstractResolver):
    """The resolver of the operating system.

    A caller decides which name is looked up, and by whose servers. However slow those are, they
    take no thread from storage or targets.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        Raises:
            OSError: there is none.

        """
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=version,
                proto=protocol,
                flags=int(socket.AI_NUMERICHOST | socket.AI_NUMERICSERV),
            )
            for version, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Leave the threads to their last names."""
        self._threads.shutdown(wait=False, cancel_futures=True)
