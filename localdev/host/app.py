"""The function app as the host runs it: functions behind routes, queue listeners and timers."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.configuration import HostOptions
from localdev.host.listener import QueueListener
from localdev.host.queues import Queues
from localdev.host.routes import Route
from localdev.host.timers import Timer
from localdev.host.worker import Function, InvocationError, invoke, text

_log = logging.getLogger(__name__)
_UNHANDLED = "An unhandled exception has occurred. Host is shutting down."


@dataclass
class App:
    """The functions of the app, with their routes, queue listeners and timers."""

    options: HostOptions
    queues: Queues
    functions: dict[str, Function] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    listeners: dict[str, QueueListener] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    failed: bool = False
    """Whether `fail` has stopped it."""
    stopping: bool = False
    """Whether `stop` has been called."""
    _time_is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[object]] = field(default_factory=set)

    async def run(
        self,
        function: Function,
        trigger: Datum,
        metadata: Mapping[str, Datum] | None = None,
    ) -> Datum | None:
        """Invoke a function, and return its return value.

        Raises:
            InvocationError: the function raised, or took too long.

        """
        try:
            async with asyncio.timeout(self.options.function_timeout):
                return await invoke(function, trigger, metadata or {})
        except TimeoutError as error:
            # Where functions run in a worker, that process is started again, with all its calls.
            self.fail(error, "A function timeout has occurred. Restarting worker process")
            raise InvocationError(f"{function.name} took longer than functionTimeout") from error

    def start(self) -> None:
        """Start the queue listeners and the timers."""
        for listener in self.listeners.values():
            self._keep(listener.listen())
        for timer in self.timers.values():
            self._keep(timer.keep())

    def stop(self, seconds: float) -> None:
        """Stop receiving messages and starting timers; `drain` waits for running functions.

        What takes longer than *seconds* is left as a crash would leave it: its messages come
        back when their lease ends. May be called again, in a greater hurry.
        """
        self.stopping = True
        asyncio.get_running_loop().call_later(seconds, self._time_is_over.set)
        for listener in self.listeners.values():
            listener.stop()
        for timer in self.timers.values():
            timer.stop()

    async def drain(self) -> None:
        """Wait for running functions, for as long as `stop` has said, and close the connections."""
        over = asyncio.ensure_future(self._time_is_over.wait())
        ended = asyncio.gather(*self._tasks, return_exceptions=True)
        either: set[asyncio.Future[Any]] = {ended, over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not ended.done():
            _log.warning("What still runs is left to the leases of its messages")
            ended.cancel()
            await asyncio.wait({ended})
        await self.queues.close()

    def trigger(self, name: str, argument: str) -> bool:
        """Start a timer or queue function by request; return whether there is one of that name."""
        if name in self.timers:
            self._keep(self.timers[name].once())
        elif name in self.listeners:
            self._keep(self._by_hand(self.functions[name], argument))
        else:
            return False
        return True

    def described(self) -> Iterator[str]:
        """Yield a line of text for every function: its name and its trigger."""
        for route in self.routes:
            verbs = ",".join(sorted(route.methods)) or "any verb"
            yield f"{route.function.name}: [{verbs}] /{route.template}"
        for name, listener in self.listeners.items():
            yield f"{name}: queueTrigger {listener.queue}"
        for name, timer in self.timers.items():
            yield f"{name}: timerTrigger {timer.schedule.expression}"

    def _keep(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    def fail(self, error: BaseException, sentence: str = _UNHANDLED) -> None:
        """Log an error in the words of the Functions host, and stop: something starts it again."""
        _log.error(sentence, exc_info=error)
        self.failed = True
        signal.raise_signal(signal.SIGTERM)

    async def _by_hand(self, function: Function, argument: str) -> None:
        try:
            await self.run(function, text(argument), {"DequeueCount": Datum("0", "json")})
        except InvocationError:
            _log.warning("Function %s, started by hand, failed", function.name)
