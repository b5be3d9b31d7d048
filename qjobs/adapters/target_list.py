"""The list of targets: cached, and used for longer while the workspace does not respond."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from qjobs.adapters.shared_call import SharedCall
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.target import Target

_log = logging.getLogger(__name__)
_FRESH = 30.0
"""Seconds for which the list is returned without asking."""
_USABLE = 900.0
"""Seconds for which it is returned if the workspace does not tell: targets seldom come and go, and
a queue time of a quarter of an hour ago is a better guess than none. Then it says more about the
past than about the target that a job would get, and jobs rather wait."""
_LIMIT = 4.0
"""Seconds that anybody waits for it: an HTTP function answers within five."""


@dataclass
class TargetList:
    """The targets of the workspace, read by one call at a time."""

    read: Callable[[], Awaitable[Sequence[Target]]]
    limit: float = _LIMIT
    now: Callable[[], float] = time.monotonic
    _targets: Sequence[Target] = ()
    _read_at: float = float("-inf")
    _shared: SharedCall[None] = field(init=False)

    def __post_init__(self) -> None:
        """Share the reading."""
        self._shared = SharedCall(self._read, self.limit, self.now)

    async def __call__(self) -> Sequence[Target]:
        """Return the targets.

        Raises:
            ProviderUnavailableError: the workspace does not tell, nor did it lately.

        """
        if self._age() > _FRESH:
            try:
                await self._shared()
            except ProviderUnavailableError:
                if self._age() > _USABLE:
                    raise
        return self._targets

    async def _read(self) -> None:
        try:
            self._targets = await self.read()
        except ProviderUnavailableError as error:
            _log.warning("No targets: %s", error.detail, extra={"action": "targets_unknown"})
            raise
        self._read_at = self.now()

    def _age(self) -> float:
        return self.now() - self._read_at
