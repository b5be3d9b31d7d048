"""The app as the host runs it: its functions behind routes, listeners and timers."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.configuration import ConfigurationError, HostOptions, resolve
from localdev.host.keys import Level
from localdev.host.listener import QueueListener
from localdev.host.queues import Queues
from localdev.host.routes import Route, TemplateError, ordered
from localdev.host.timers import Timer
from localdev.host.worker import Binding, Function, InvocationError, Invoked, invoke, text

_log = logging.getLogger(__name__)
_RESERVED = ("admin", "runtime")
_DRAIN = 10.0
"""Seconds that running invocations get when the host stops."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function behind a route."""

    function: Function
    level: Level


@dataclass
class App:
    """The indexed functions, ready to run."""

    options: HostOptions
    queues: Queues
    functions: dict[str, Function] = field(default_factory=dict)
    routes: list[tuple[Route, Endpoint]] = field(default_factory=list)
    listeners: dict[str, QueueListener] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def add(self, function: Function) -> None:
        """Take a function in.

        Raises:
            ConfigurationError: it has a binding or an option that is not supported.

        """
        if os.environ.get(f"AzureWebJobs.{function.name}.Disabled", "").lower() in {"true", "1"}:
            return
        kind = function.trigger["type"]
        if kind not in _TRIGGERS:
            raise ConfigurationError(f"function {function.name}: no {kind} here")
        try:
            for output in function.outputs:
                self._check_output(output)
            _TRIGGERS[kind](self, function)
        except (ConfigurationError, TemplateError) as error:
            raise ConfigurationError(f"function {function.name}: {error}") from error
        self.functions[function.name] = function

    async def run(
        self,
        function: Function,
        trigger: Datum,
        metadata: dict[str, Datum] | None = None,
        trace_parent: str | None = None,
    ) -> Invoked:
        """Invoke a function and write its outputs; both together succeed or fail.

        Raises:
            InvocationError: the function raised, took too long, or an output failed.

        """
        try:
            async with asyncio.timeout(self.options.function_timeout):
                invoked = await invoke(function, trigger, metadata or {}, trace_parent)
            for output in function.outputs:
                if (datum := invoked.outputs.get(output["name"])) is not None:
                    await self._write(output, datum)
        except InvocationError:
            raise
        except Exception as error:
            _log.exception("Function %s failed after it returned, or took too long", function.name)
            raise InvocationError(str(error)) from error
        return invoked

    def start(self) -> None:
        """Start listeners and timers."""
        self._tasks = [
            asyncio.create_task(keep())
            for keep in (
                *(listener.listen for listener in self.listeners.values()),
                *(timer.keep for timer in self.timers.values()),
            )
        ]

    async def stop(self) -> None:
        """Stop listeners and timers, and wait a while for what is running."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(one.drain(_DRAIN) for one in self.listeners.values()))
        await self.queues.close()

    async def trigger(self, name: str, argument: str) -> None:
        """Run a timer or queue function by hand.

        Raises:
            KeyError: there is none of that name.
            InvocationError: it failed.

        """
        if name in self.timers:
            await self.timers[name].once(datetime.now(UTC), past_due=False)
        else:
            await self.listeners[name].run(text(argument), {"DequeueCount": Datum("1", "json")})

    def described(self) -> Iterator[str]:
        """Return a line for every function, as people want to see them."""
        for route, endpoint in self.routes:
            verbs = ",".join(sorted(route.methods)) or "any"
            yield f"{endpoint.function.name}: [{verbs}] /{route.template}"
        for name, listener in self.listeners.items():
            yield f"{name}: queue {listener.queue}"
        for name, timer in self.timers.items():
            yield f"{name}: timer {timer.schedule}"

    def _check_output(self, output: Binding) -> None:
        if output["type"] != "queue":
            raise ConfigurationError(f"no output of type {output['type']} here")
        self.queues.client(output["connection"], resolve(output["queueName"]))

    async def _write(self, output: Binding, datum: Datum) -> None:
        # A list becomes a JSON array, of which each item is a message.
        messages = datum.value if datum.type == "collection_string" else [datum.value]
        for message in messages:
            content = message.decode() if isinstance(message, bytes) else str(message)
            await self.queues.write(output["connection"], resolve(output["queueName"]), content)

    def _add_http(self, function: Function) -> None:
        trigger = function.trigger
        route = resolve(trigger.get("route") or function.name).strip("/")
        if route.split("/")[0].lower() in _RESERVED and not self.options.route_prefix:
            raise ConfigurationError(f"the route {route} is reserved")
        template = f"{self.options.route_prefix}/{route}".strip("/")
        made = Route(template, frozenset(verb.upper() for verb in trigger.get("methods") or ()))
        level = Level[trigger.get("authLevel", "FUNCTION").upper()]
        self.routes = ordered([*self.routes, (made, Endpoint(function, level))])

    def _add_queue(self, function: Function) -> None:
        trigger = function.trigger
        queue = resolve(trigger["queueName"])
        self.queues.client(trigger["connection"], queue)
        self.listeners[function.name] = QueueListener(
            self.queues, trigger["connection"], queue, self.options.queues, _quietly(self, function)
        )

    def _add_timer(self, function: Function) -> None:
        trigger = function.trigger
        self.timers[function.name] = Timer(
            resolve(trigger["schedule"]),
            _quietly(self, function),
            bool(trigger.get("runOnStartup")),
        )


def _quietly(app: App, function: Function) -> Callable[..., Any]:
    async def run(trigger: Datum, metadata: dict[str, Datum] | None = None) -> None:
        await app.run(function, trigger, metadata)

    return run


_TRIGGERS: dict[str, Callable[[App, Function], None]] = {
    "httpTrigger": App._add_http,  # noqa: SLF001 - the table is part of the class
    "queueTrigger": App._add_queue,  # noqa: SLF001 - likewise
    "timerTrigger": App._add_timer,  # noqa: SLF001 - likewise
}
