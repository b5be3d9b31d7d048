"""Functions as the worker reports them, taken in or refused by the host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from azure_quantum_emulator.supervision.azurite import connection_string
from localdev.host.app import App
from localdev.host.configuration import ConfigurationError, HostOptions
from localdev.host.connections import Connections
from localdev.host.keys import Level
from localdev.host.queues import Queues
from localdev.host.registration import register
from localdev.host.worker import Binding, Function

STORAGE = "AzureWebJobsStorage"
ANSWER = {"direction": "OUT", "type": "http", "name": "$return"}


@pytest.fixture(autouse=True)
def storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the connection that the functions name; nothing listens there."""
    monkeypatch.setenv(STORAGE, connection_string((1, 2, 3)))


@pytest.fixture
def app() -> App:
    """Return an app without functions."""
    queues = Queues(Connections(), base64_texts=True)
    return App(HostOptions.model_validate({"version": "2.0"}), queues)


def http(**members: Any) -> Binding:  # noqa: ANN401 - as decorators write them
    """Return an HTTP trigger."""
    return {"direction": "IN", "type": "httpTrigger", "name": "req", **members}


def queue(**members: Any) -> Binding:  # noqa: ANN401 - likewise
    """Return a queue trigger."""
    return {
        "direction": "IN",
        "type": "queueTrigger",
        "name": "msg",
        "queueName": "jobs",
        "connection": STORAGE,
        **members,
    }


def timer(schedule: str = "0 * * * * *") -> Binding:
    """Return a timer trigger."""
    return {"direction": "IN", "type": "timerTrigger", "name": "timer", "schedule": schedule}


def output(**members: Any) -> Binding:  # noqa: ANN401 - likewise
    """Return a queue output."""
    return queue(direction="OUT", type="queue", name="out", **members)


def function(*bindings: Binding, name: str = "made", retry_options: object = None) -> Function:
    """Return a function as the worker reports it."""
    return Function("id", name, bindings, retry_options)


def test_an_http_function_gets_a_route(app: App) -> None:
    """An HTTP function is behind the prefix and its route, with its verbs and its level."""
    register(app, function(http(route="/a/{b}", methods=["get"], authLevel="ADMIN"), ANSWER))

    (route,) = app.routes
    assert route.template == "api/a/{b}"
    assert route.methods == {"GET"}
    assert route.level is Level.ADMIN


def test_what_an_http_function_does_not_say(app: App) -> None:
    """Without a route the name is it, without verbs any will do, and without a level a key."""
    register(app, function(http(), ANSWER))

    (route,) = app.routes
    assert route.template == "api/made"
    assert route.methods == frozenset()
    assert route.level is Level.FUNCTION


def test_settings_in_bindings(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of queues and schedules may come from settings."""
    monkeypatch.setenv("QJOBS_NAME", "blue")
    monkeypatch.setenv("QJOBS_SCHEDULE", "*/5 * * * * *")

    register(app, function(queue(queueName="%QJOBS_NAME%-jobs"), name="takes"))
    register(app, function(timer("%QJOBS_SCHEDULE%"), name="ticks"))

    assert app.listeners["takes"].queue == "blue-jobs"
    assert app.timers["ticks"].schedule.expression == "*/5 * * * * *"


@pytest.mark.parametrize(
    ("value", "there"), [("true", False), ("1", False), ("TRUE", False), ("false", True)]
)
def test_a_disabled_function(
    app: App, monkeypatch: pytest.MonkeyPatch, value: str, *, there: bool
) -> None:
    """A function that a setting disables is not there, whatever its trigger."""
    monkeypatch.setenv("AzureWebJobs.made.Disabled", value)

    for trigger in (http(), queue(), timer()):
        register(app, function(trigger))

    assert bool(app.functions) is there
    assert bool(app.routes or app.listeners or app.timers) is there


@pytest.mark.parametrize(
    ("bindings", "named"),
    [
        ([{"direction": "IN", "type": "blobTrigger", "name": "blob"}], "blobTrigger"),
        ([{"direction": "IN", "type": "warmupTrigger", "name": "ctx"}], "warmupTrigger"),
        ([http(), ANSWER, {"direction": "IN", "type": "blob", "name": "spec"}], "spec"),
        ([http(), ANSWER, {"direction": "OUT", "type": "blob", "name": "copy"}], "copy"),
        ([timer(), output()], "the type queue, direction OUT"),
        ([queue(queueName="%QJOBS_MISSING%")], "QJOBS_MISSING"),
        ([queue(connection="Nowhere")], "Nowhere"),
        ([http(route="{a}.json"), ANSWER], "{a}.json"),
        ([http(route="{a"), ANSWER], "{a"),
        ([timer("every day")], "every day"),
    ],
)
def test_what_is_not_supported(app: App, bindings: list[Binding], named: str) -> None:
    """A binding that the host cannot honour is refused, naming it and its function."""
    with pytest.raises(ConfigurationError, match="function made") as refusal:
        register(app, function(*bindings))

    assert named in str(refusal.value)
    assert not app.functions


@pytest.mark.parametrize(
    ("binding", "named"),
    [
        ({"direction": "IN", "type": "blobTrigger", "name": "blob"}, "blobTrigger"),
        (queue(dataType="BINARY"), "dataType"),
        ({**timer(), "useMonitor": True}, "useMonitor"),
        (http(route="a/{b:int}"), "{b:int}"),
        (queue(queueName="jobs-{id}"), "jobs-{id}"),
    ],
)
def test_what_only_the_functions_host_has(app: App, binding: Binding, named: str) -> None:
    """What works deployed and not here is refused with a sentence that says so."""
    with pytest.raises(ConfigurationError, match="the Functions host has this") as refusal:
        register(app, function(binding))

    assert named in str(refusal.value)


@pytest.mark.parametrize("prefix", ["", "api"])
@pytest.mark.parametrize("route", ["admin/x", "/Runtime", "admin"])
def test_reserved_routes(route: str, prefix: str) -> None:
    """The words of the host's own routes cannot begin another, under a prefix neither."""
    host = {"version": "2.0", "extensions": {"http": {"routePrefix": prefix}}}
    queues = Queues(Connections(), base64_texts=True)
    bare = App(HostOptions.model_validate(host), queues)

    with pytest.raises(ConfigurationError, match="reserved"):
        register(bare, function(http(route=route), ANSWER))


@pytest.mark.parametrize(
    ("first", "second"),
    [(["get"], ["GET"]), (None, ["POST"]), (None, None), (["GET", "PUT"], None)],
)
def test_a_route_twice(app: App, first: list[str] | None, second: list[str] | None) -> None:
    """Two functions cannot have the same route and a verb in common."""
    register(app, function(http(route="a/{b}", methods=first), ANSWER, name="one"))

    with pytest.raises(ConfigurationError, match="conflicts with that of one"):
        register(app, function(http(route="/A/{b}", methods=second), ANSWER, name="two"))


def test_a_route_for_two_verbs(app: App) -> None:
    """Two functions may share a route if each has verbs of its own."""
    register(app, function(http(route="a", methods=["GET"]), ANSWER, name="one"))
    register(app, function(http(route="a", methods=["POST"]), ANSWER, name="two"))

    assert len(app.routes) == 2


@pytest.mark.parametrize("trigger", [http(), queue(), timer()])
def test_a_retry_policy(app: App, trigger: Binding) -> None:
    """A function that asks to be run again when it fails is refused: nothing would do it."""
    policy = SimpleNamespace(retry_strategy="fixed_delay")

    with pytest.raises(ConfigurationError, match="a retry policy: the Functions host"):
        register(app, function(trigger, retry_options=policy))


def test_a_connection_without_its_prefix(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection may be named without the `AzureWebJobs` of its setting."""
    register(app, function(queue(connection="Storage")))

    assert app.listeners["made"].connection == "Storage"


def test_a_connection_string_is_not_repeated(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection string that is wrong is refused without being shown."""
    monkeypatch.setenv("Wrong", "AccountKey=secret")

    with pytest.raises(ConfigurationError) as refusal:
        register(app, function(queue(connection="Wrong")))

    assert "Wrong" in str(refusal.value)
    assert "secret" not in str(refusal.value)
