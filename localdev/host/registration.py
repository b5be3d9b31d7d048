"""Takes functions in; whatever of their bindings the host cannot do is refused, never skipped."""

from __future__ import annotations

import os
from collections.abc import Callable

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.app import App, Endpoint, queue_of
from localdev.host.configuration import ConfigurationError, resolve
from localdev.host.keys import Level
from localdev.host.listener import QueueListener
from localdev.host.retry import RetryPolicy
from localdev.host.routes import Route, TemplateError, ordered
from localdev.host.schedule import Schedule, ScheduleError
from localdev.host.timers import Timer
from localdev.host.worker import Binding, Function

_RESERVED = ("admin", "runtime")


def register(app: App, function: Function) -> None:
    """Put a function behind its trigger, unless a setting disables it.

    Raises:
        ConfigurationError: a binding or an option of it is not supported; names both.

    """
    if os.environ.get(f"AzureWebJobs.{function.name}.Disabled", "").lower() in {"true", "1"}:
        return
    for binding in (*function.others, function.trigger):
        add = _TRIGGERS.get(binding["type"], _refuse) if binding is function.trigger else _output
        try:
            add(app, function, binding)
        except (ConfigurationError, TemplateError, ScheduleError) as error:
            raise ConfigurationError(
                f"function {function.name}, binding {binding['name']}: {error}"
            ) from error
    app.functions[function.name] = function


def _refuse(_app: App, _function: Function, binding: Binding) -> None:
    raise ConfigurationError(
        f"the type {binding['type']}, direction {binding['direction']}, is not supported"
    )


def _output(app: App, function: Function, output: Binding) -> None:
    if output["type"] != "queue" or output["direction"].upper() != "OUT":
        _refuse(app, function, output)
    app.queues.client(*queue_of(output))  # checks the connection


def _http(app: App, function: Function, trigger: Binding) -> None:
    _without_retry(function)
    route = resolve(trigger.get("route") or function.name).strip("/")
    template = f"{app.options.route_prefix}/{route}".strip("/")
    if template.split("/")[0].lower() in _RESERVED:
        raise ConfigurationError(f"the route {template} is reserved")
    made = Route(template, frozenset(verb.upper() for verb in trigger.get("methods") or ()))
    level = Level[trigger.get("authLevel", "FUNCTION").upper()]
    app.routes = ordered([*app.routes, (made, Endpoint(function, level))])


def _queue(app: App, function: Function, trigger: Binding) -> None:
    async def run(message: Datum, metadata: dict[str, Datum]) -> None:
        await app.run(function, message, metadata)

    _without_retry(function)
    connection, queue = queue_of(trigger)
    app.queues.client(connection, queue)  # checks the connection
    binary = trigger.get("dataType", "").upper() == "BINARY"
    app.listeners[function.name] = QueueListener(
        app.queues, connection, queue, app.options.queues, run, binary=binary
    )


def _timer(app: App, function: Function, trigger: Binding) -> None:
    async def run(value: Datum, retries: int) -> None:
        await app.run(function, value, retries=retries)

    app.timers[function.name] = Timer(
        function.name,
        Schedule(resolve(trigger["schedule"])),
        run,
        on_startup=bool(trigger.get("runOnStartup")),
        retry=RetryPolicy.of(function.retry_options),
    )


def _without_retry(function: Function) -> None:
    if function.retry_options is not None:
        raise ConfigurationError("a retry policy works for timers only")


_TRIGGERS: dict[str, Callable[[App, Function, Binding], None]] = {
    "httpTrigger": _http,
    "queueTrigger": _queue,
    "timerTrigger": _timer,
}
