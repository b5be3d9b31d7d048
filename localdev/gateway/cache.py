"""Built-in cache of API Management: strings by key, with a time to live and a limit of size."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

LARGEST_VALUE = 2 * 1024 * 1024
"""Bytes; API Management caches nothing larger."""


@dataclass(slots=True)
class Cache:
    """Cache of policies; when it is full, the oldest entries are removed."""

    size: int = 50 * 1024 * 1024
    """Bytes that it holds."""
    now: Callable[[], float] = time.monotonic
    _entries: OrderedDict[str, tuple[str, int, float]] = field(default_factory=OrderedDict)
    _held: int = 0

    def lookup(self, key: str) -> str | None:
        """Return the cached value of *key*; None if there is none or it has expired."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        value, _, expires_at = entry
        if expires_at <= self.now():
            self._remove(key)
            return None
        return value

    def store(self, key: str, value: str, seconds: int) -> None:
        """Store *value* under *key* unless it is too large."""
        length = len(value.encode())
        if length > min(self.size, LARGEST_VALUE):
            return
        if key in self._entries:
            self._remove(key)
        self._entries[key] = (value, length, self.now() + seconds)
        self._held += length
        while self._held > self.size:
            self._remove(next(iter(self._entries)))

    def _remove(self, key: str) -> None:
        self._held -= self._entries.pop(key)[1]
