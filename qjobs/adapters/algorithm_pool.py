"""Execution of the algorithms in child processes, a few at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from qjobs.adapters.algorithm_process import AlgorithmProcess, ProcessDiedError, StartError
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError, TransientError
from qjobs.domain.plan import Plan
from qjobs.services.places import Places, current_owner

PROCESSES = 2
"""Steps at a time: one that takes long does not hold up all others."""
STEP_SECONDS = 100.0
"""The longest step. With the wait before it, its repetition and a second step of the same message
it stays below the functionTimeout of host.json, at which the host ends the worker process."""
BUSY_SECONDS = 30.0
"""The longest wait for a process."""
_log = logging.getLogger(__name__)


class AlgorithmPool:
    """The `AlgorithmRunner` over child processes, which are started when they are needed.

    One caller's steps leave a process to those of others, however long they take.
    """

    def __init__(
        self, folder: Path, size: int = PROCESSES, step_seconds: float = STEP_SECONDS
    ) -> None:
        """Prepare a pool.

        Args:
            folder: of the algorithms
            size: the most processes
            step_seconds: the longest step

        """
        self._step_seconds = step_seconds
        self._idle = [AlgorithmProcess(folder) for _ in range(size)]
        """The last is the one that was used last, so the first may never be started."""
        self._places = Places(size, of_owner=max(1, size - 1))

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered."""
        return await self._run("start", algorithm, inputs)

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered."""
        return await self._run("resume", algorithm, inputs, state, outcomes)

    def close(self) -> None:
        """End the processes that are idle."""
        for process in self._idle:
            process.stop()

    async def _run(self, method: str, algorithm: str, *arguments: object) -> Plan | Finish:
        loop, owner = asyncio.get_running_loop(), current_owner()
        turn = await self._places.take(owner, BUSY_SECONDS)
        if turn is None:
            raise TransientError("All processes for algorithms are busy.")
        process = self._idle.pop()

        def work() -> Plan | Finish:
            try:
                return self._request(process, method, algorithm, *arguments)
            finally:
                # Here, because a caller that is cancelled does not wait for the end.
                self._idle.append(process)
                loop.call_soon_threadsafe(self._places.leave, owner, turn)

        # What is cancelled before a thread has begun it would never give the process back.
        return await asyncio.shield(asyncio.to_thread(work))

    def _request(
        self, process: AlgorithmProcess, method: str, algorithm: str, *arguments: object
    ) -> Plan | Finish:
        """Call a method in a process, and again in a new one if the first should die.

        That may have been the fault of others, which took the memory. An algorithm is a pure
        function, so what happens twice would happen for ever.
        """
        died = "never"
        for _ in range(2):
            try:
                step: Plan | Finish = process.request(
                    self._step_seconds, method, algorithm, *arguments
                )
            except StartError as error:
                reason = f"A process for algorithms cannot be started: {error}."
                raise TransientError(reason) from error
            except ProcessDiedError as error:
                died = str(error)
                action = {"action": "algorithm_died"}
                _log.warning("Algorithm %s ended its process: %s", algorithm, died, extra=action)
            except TimeoutError as error:
                reason = f"took longer than {self._step_seconds:g} s for a step"
                raise AlgorithmError(f"The algorithm {algorithm} {reason}.") from error
            except AlgorithmError as error:
                # Its notes are the traceback in the process.
                trace = "\n".join(getattr(error, "__notes__", ()))
                action = {"action": "algorithm_failed"}
                _log.error("%s\n%s", error.detail, trace, extra=action)
                raise
            else:
                return step
        raise AlgorithmError(f"The algorithm {algorithm} ended its process twice: {died}.")
