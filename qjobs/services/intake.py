"""Intake: the bound of submissions that a process works on at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qjobs.domain.errors import TransientError

MOST = 16
"""Submissions at a time: enough to keep a process busy, few enough for other requests' sake."""


@dataclass(slots=True)
class Intake:
    """Refuses a submission while a process is busy with as many as it can take.

    A burst is then told to come back at once, instead of making every other request wait behind it.
    """

    _held: int = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold one place while a submission is checked and stored.

        Raises:
            TransientError: no place is free.

        """
        if self._held >= MOST:
            raise TransientError(
                "More submissions at the same time than the service takes: send it again.",
                retry_after=1,
            )
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
