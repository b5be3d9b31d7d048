"""Intake: the bound of submissions that a process works on at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qjobs.domain.errors import TransientError

MOST = 16
"""Submissions at a time: enough to keep a process busy, few enough for other requests' sake."""
MOST_OF_OWNER = 8
"""Those of one caller, so that his burst refuses nobody else's."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Refuses a submission while a process is busy with as many as it can take.

    A burst is then told to come back at once, instead of making every other request wait behind it.
    """

    _held: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def __call__(self, owner: str) -> Iterator[None]:
        """Hold one place while a submission of *owner* is checked and stored.

        Raises:
            TransientError: no place is free.

        """
        if self._held.total() >= MOST or self._held[owner] >= MOST_OF_OWNER:
            raise TransientError(
                "More submissions at the same time than the service takes: send it again.",
                retry_after=1,
            )
        self._held[owner] += 1
        try:
            yield
        finally:
            self._held[owner] -= 1
            if not self._held[owner]:
                del self._held[owner]
