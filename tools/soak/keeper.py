"""Keeps the parts of a stack running, as the platform does with a Functions host that ends."""

from __future__ import annotations

import logging
import os
import signal
import time
from dataclasses import dataclass

from localdev.stack.stack import ProcessError, Stack
from tools.soak.parts import HOSTS

_log = logging.getLogger(__name__)
_PERIOD = 0.05
_LONGEST_START = 300.0
"""Seconds in which a part may die again and again of the trouble of another one."""
_LONGEST_STOP = 60.0
"""Seconds. A SIGKILL earlier would lose data that was accepted."""


@dataclass(slots=True)
class Keeper:
    """Starts parts that have ended; for one thread at a time, like the stack itself."""

    stack: Stack
    ends: int = 0
    """Hosts that ended by themselves, of trouble with storage, and were started again."""
    _failing_since: float | None = None

    def watch(self) -> str | None:
        """Start the parts that have ended; return the one that took more than a start, if any.

        Raises:
            ProcessError: a part has not started for minutes.

        """
        self.ends += sum(
            self.stack.exit_status(host) is not None for host in HOSTS if host in self.stack.facts
        )
        try:
            self.stack.check()
        except ProcessError as error:
            self._note(error)
            try:
                self.stack.kill(error.name)
                self.stack.start(error.name)
            except ProcessError as again:
                _log.warning("%s", again)  # the next look finds it
            return error.name
        self._failing_since = None
        return None

    def bring_back(self, name: str) -> None:
        """Start a part, again and again if it dies of the trouble of another one.

        Raises:
            ProcessError: it has not started for minutes.

        """
        missing = [name]
        while missing:
            try:
                self.stack.kill(missing[-1])
                self.stack.start(missing[-1])
            except ProcessError as error:
                self._note(error)
                if error.name != missing[-1]:
                    missing.append(error.name)  # none starts while another one is not there
            else:
                missing.pop()
        self._failing_since = None

    def stop(self, name: str) -> None:
        """Stop a part in order, however long it takes to write its data.

        Raises:
            TimeoutError: it does not stop.

        """
        self.stack.expect_death(name)
        os.kill(self.stack.pid(name), signal.SIGTERM)
        end = time.monotonic() + _LONGEST_STOP
        while self.stack.exit_status(name) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"{name} does not stop")
            time.sleep(_PERIOD)

    def _note(self, error: ProcessError) -> None:
        _log.warning("%s", error)
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since = now
        if now - self._failing_since > _LONGEST_START:
            raise error
