"""A circuit breaker: a service that does not respond is not called again for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qjobs.domain.errors import ProviderUnavailableError

_OPEN = "The target or the workspace has not responded, and is called again later."
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
"""Seconds between two tries while nobody has said how long it takes."""
_LONGEST_ASKED = 300.0
"""Seconds that a Retry-After counts for all calls: it was meant for one, and a try costs little."""
_PROBE = 2.0
"""Retry-After of a call that comes while another one tries."""


@dataclass
class CircuitBreaker:
    """Counts transient errors in a row, and opens after some of them or for a Retry-After.

    While it is open, calls are refused at once. After that it is half-open: one call goes through,
    and its outcome closes it or opens it again for twice as long. It is in memory: each process
    learns for itself.
    """

    threshold: int = 5
    """Transient errors in a row after which it opens."""
    now: Callable[[], float] = time.monotonic
    _failures: int = 0
    _pause: float = 0.0
    """The length of the last time that it was open; 0 while it is closed."""
    _closes_at: float = 0.0
    _probing: bool = False

    def check(self) -> None:
        """Do nothing if a call would go through.

        Raises:
            ProviderUnavailableError: it would not.

        """
        left = self._closes_at - self.now()
        if left > 0:
            raise ProviderUnavailableError(_OPEN, left, called=False)
        if self._probing:
            raise ProviderUnavailableError(_OPEN, _PROBE, called=False)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Let a call through, and count its outcome.

        Raises:
            ProviderUnavailableError: the breaker is open, or the call raised it.

        """
        self.check()
        probe = self._probing = self._pause > 0
        try:
            yield
        except ProviderUnavailableError as error:
            self._failed(min(error.retry_after or 0.0, _LONGEST_ASKED), probe=probe)
            raise
        except Exception:
            self._answered(probe=probe)  # an error that says something is a response
            raise
        else:
            self._answered(probe=probe)
        finally:
            if probe:
                self._probing = False

    def _answered(self, *, probe: bool) -> None:
        # A call that began before it opened says nothing of what came after.
        if probe or self._pause == 0:
            self._failures, self._pause = 0, 0.0

    def _failed(self, asked: float, *, probe: bool) -> None:
        if probe:
            self._open(max(min(2 * self._pause, _LONGEST_PAUSE), asked))
        elif self._pause > 0:
            self._closes_at = max(self._closes_at, self.now() + asked)
        else:
            self._failures += 1
            if asked or self._failures >= self.threshold:
                self._open(asked or _FIRST_PAUSE)

    def _open(self, pause: float) -> None:
        self._pause = pause
        self._closes_at = self.now() + pause
