"""The faulty links of the stack: proxies between the functions, storage and the workspace."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Self

from tools.soak import faults
from tools.soak.faults import Fault, FaultSource, Rates
from tools.soak.proxy import HOST, FaultProxy


def _proxy(name: str, seed: int, rates: Rates, spared: str = "") -> FaultProxy:
    # A generator of its own for each, so that one link's traffic changes nothing for another's.
    source = FaultSource(Random(f"{seed}/{name}"), rates)  # noqa: S311 - it has to repeat itself
    return FaultProxy(source, spared.encode())


@dataclass
class Links:
    """Four proxies in a thread of their own; a context manager."""

    seed: int
    spared: str = ""
    """A target of whose jobs nobody is told that they are unknown."""
    blobs: FaultProxy = field(init=False)
    queues: FaultProxy = field(init=False)
    workspace: FaultProxy = field(init=False)
    linked_storage: FaultProxy = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        self.blobs = _proxy("blobs", self.seed, faults.BLOBS)
        self.queues = _proxy("queues", self.seed, faults.QUEUES)
        self.workspace = _proxy("workspace", self.seed, faults.WORKSPACE, self.spared)
        self.linked_storage = _proxy("linked", self.seed, faults.LINKED_STORAGE)
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)

    @property
    def all(self) -> dict[str, FaultProxy]:
        """The proxies by the name of their link."""
        return {
            "blobs": self.blobs,
            "queues": self.queues,
            "workspace": self.workspace,
            "linked storage": self.linked_storage,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        for proxy in self.all.values():
            asyncio.run_coroutine_threadsafe(proxy.start(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        for proxy in self.all.values():
            asyncio.run_coroutine_threadsafe(proxy.stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def lead_to_storage(self, blob: int, queue: int) -> None:
        """Forward to Azurite at these ports from now on."""
        self.blobs.upstream = self.linked_storage.upstream = blob
        self.queues.upstream = queue
        # The functions find the blobs of the workspace by what the workspace tells them.
        true, told = (f"{HOST}:{port}/" for port in (blob, self.linked_storage.port))
        self.workspace.renamed = {true.encode(): told.encode()}

    def switch(self, *, on: bool) -> None:
        """Begin or end the faults of all links."""
        for proxy in self.all.values():
            proxy.faults.on = on

    @contextmanager
    def outage(self, fault: Fault) -> Iterator[None]:
        """Let every request to the app's own storage meet a fault inside the block."""
        own = (self.blobs.faults, self.queues.faults)
        for source in own:
            source.outage = fault
        try:
            yield
        finally:
            for source in own:
                source.outage = None

    def counts(self) -> Counter[str]:
        """Return how many requests met each fault, by link and kind."""
        return Counter(
            {
                f"{name}: {fault}": count
                for name, proxy in self.all.items()
                for fault, count in proxy.faults.counts.items()
            }
        )
