"""Registers functions by their triggers; refuses a binding that the host does not support."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from azure.storage.blob.aio import BlobServiceClient

from localdev.host.app import App
from localdev.host.configuration import ConfigurationError, UnsupportedError, resolve
from localdev.host.connections import DEFAULT
from localdev.host.keys import Level
from localdev.host.listener import QueueListener
from localdev.host.routes import Route
from localdev.host.schedule import Schedule
from localdev.host.schedule_monitor import ScheduleMonitor
from localdev.host.timers import Timer
from localdev.host.worker import Binding, Function

_RESERVED = ("admin", "runtime")
_ALWAYS = {"type", "direction", "name"}


def register(app: App, function: Function) -> None:
    """Register a function by its trigger, unless a setting disables it.

    Raises:
        ConfigurationError: a binding or an option of it is not supported; names the function too.

    """
    if os.environ.get(f"AzureWebJobs.{function.name}.Disabled", "").lower() in {"true", "1"}:
        return
    for binding in function.bindings:
        if (binding["type"], binding["name"]) == ("http", "$return"):
            continue  # the response
        try:
            _register(app, function, binding)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"function {function.name}, binding {binding['name']}: {error}"
            ) from error
    app.functions[function.name] = function


def _register(app: App, function: Function, binding: Binding) -> None:
    if binding["type"] not in _TRIGGERS:
        raise UnsupportedError(f"the type {binding['type']}, direction {binding['direction']}")
    if function.retry_options is not None:
        raise UnsupportedError("a retry policy")
    add, heeded = _TRIGGERS[binding["type"]]
    if further := binding.keys() - heeded - _ALWAYS:
        raise UnsupportedError(f"the binding's {', '.join(sorted(further))}")
    add(app, function, binding)


def _http(app: App, function: Function, trigger: Binding) -> None:
    route = resolve(trigger.get("route") or function.name).strip("/")
    template = f"{app.options.route_prefix}/{route}".strip("/")
    if route.split("/")[0].lower() in _RESERVED:
        raise ConfigurationError(f"the route {route} is reserved")
    methods = frozenset(verb.upper() for verb in trigger.get("methods") or ())
    level = Level[trigger.get("authLevel", "FUNCTION").upper()]
    made = Route(template, methods, function, level)
    for other in app.routes:
        if other.template.lower() == template.lower() and other.shares_a_verb(made):
            raise ConfigurationError(f"the route conflicts with that of {other.function.name}")
    app.routes = sorted([*app.routes, made], key=lambda route: route.rank)


def _queue(app: App, function: Function, trigger: Binding) -> None:
    connection, queue = trigger.get("connection") or DEFAULT, resolve(trigger["queueName"])
    if "{" in queue:
        raise UnsupportedError(f"the binding expression in {queue!r}")
    app.queues.client(connection, queue)  # checks the connection
    run = partial(app.run, function)
    app.listeners[function.name] = QueueListener(
        app.queues, connection, queue, app.options.queues, run, app.fail
    )


def _timer(app: App, function: Function, trigger: Binding) -> None:
    schedule = Schedule(resolve(trigger["schedule"]))
    blobs = app.queues.connections.service(DEFAULT, BlobServiceClient)
    app.timers[function.name] = Timer(
        function.name,
        schedule,
        partial(app.run, function),
        ScheduleMonitor(blobs, function.name) if schedule.is_monitored else None,
        on_startup=bool(trigger.get("runOnStartup")),
    )


_TRIGGERS: dict[str, tuple[Callable[[App, Function, Binding], None], set[str]]] = {
    "httpTrigger": (_http, {"route", "methods", "authLevel"}),
    "queueTrigger": (_queue, {"queueName", "connection"}),
    "timerTrigger": (_timer, {"schedule", "runOnStartup"}),
}
"""By the type of a trigger, the members of the binding that are heeded here."""
