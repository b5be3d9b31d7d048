"""Registers functions by their triggers; refuses a binding that the host does not support."""

from __future__ import annotations

import os
from collections.abc import Callable

from azure.storage.blob.aio import BlobServiceClient
from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.app import App, Endpoint, queue_of
from localdev.host.configuration import ConfigurationError, UnsupportedError, resolve
from localdev.host.connections import DEFAULT
from localdev.host.keys import Level
from localdev.host.listener import QueueListener
from localdev.host.routes import Route, ordered
from localdev.host.schedule import Schedule, ScheduleError
from localdev.host.schedule_monitor import ScheduleMonitor
from localdev.host.timers import Timer
from localdev.host.worker import Binding, Function

_RESERVED = ("admin", "runtime")
_ALWAYS = {"type", "direction", "name"}
_QUEUE = {"queueName", "connection"}
_MEMBERS = {
    "httpTrigger": {"route", "methods", "authLevel"},
    "queueTrigger": _QUEUE,
    "timerTrigger": {"schedule", "runOnStartup"},
}
"""What bindings say of themselves that is heeded here."""


def register(app: App, function: Function) -> None:
    """Register a function by its trigger, unless a setting disables it.

    Raises:
        ConfigurationError: a binding or an option of it is not supported; names the function too.

    """
    if os.environ.get(f"AzureWebJobs.{function.name}.Disabled", "").lower() in {"true", "1"}:
        return
    for binding in (*function.others, function.trigger):
        add = _TRIGGERS.get(binding["type"], _refuse)
        try:
            _check_members(function, binding)
            add(app, function, binding)
        except (ConfigurationError, ScheduleError) as error:
            raise ConfigurationError(
                f"function {function.name}, binding {binding['name']}: {error}"
            ) from error
    app.functions[function.name] = function


def _check_members(function: Function, binding: Binding) -> None:
    if function.retry_options is not None:
        raise UnsupportedError("a retry policy")
    heeded = _MEMBERS.get(binding["type"])
    further = set() if heeded is None else binding.keys() - heeded - _ALWAYS
    if further:
        raise UnsupportedError(f"the binding's {', '.join(sorted(further))}")


def _refuse(_app: App, _function: Function, binding: Binding) -> None:
    raise UnsupportedError(f"the type {binding['type']}, direction {binding['direction']}")


def _http(app: App, function: Function, trigger: Binding) -> None:
    route = resolve(trigger.get("route") or function.name).strip("/")
    template = f"{app.options.route_prefix}/{route}".strip("/")
    if route.split("/")[0].lower() in _RESERVED:
        raise ConfigurationError(f"the route {route} is reserved")
    made = Route(template, frozenset(verb.upper() for verb in trigger.get("methods") or ()))
    for other, endpoint in app.routes:
        if other.template.lower() == template.lower() and other.shares_a_verb(made):
            raise ConfigurationError(f"the route conflicts with that of {endpoint.function.name}")
    level = Level[trigger.get("authLevel", "FUNCTION").upper()]
    app.routes = ordered([*app.routes, (made, Endpoint(function, level))])


def _queue(app: App, function: Function, trigger: Binding) -> None:
    async def run(message: Datum, metadata: dict[str, Datum]) -> None:
        await app.run(function, message, metadata)

    connection, queue = queue_of(trigger)
    app.queues.client(connection, queue)  # checks the connection
    app.listeners[function.name] = QueueListener(
        app.queues, connection, queue, app.options.queues, run, app.fail
    )


def _timer(app: App, function: Function, trigger: Binding) -> None:
    async def run(value: Datum) -> None:
        await app.run(function, value)

    schedule = Schedule(resolve(trigger["schedule"]))
    blobs = app.queues.connections.service(DEFAULT, BlobServiceClient)
    app.timers[function.name] = Timer(
        function.name,
        schedule,
        run,
        ScheduleMonitor(blobs, function.name) if schedule.is_monitored else None,
        on_startup=bool(trigger.get("runOnStartup")),
    )


_TRIGGERS: dict[str, Callable[[App, Function, Binding], None]] = {
    "httpTrigger": _http,
    "queueTrigger": _queue,
    "timerTrigger": _timer,
}
