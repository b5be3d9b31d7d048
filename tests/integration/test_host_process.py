"""The host as a process: its start, its end, its timers and what it refuses."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from emulator_support.patience import PATIENCE
from tests.unit.host.fixture_apps import App
from tests.unit.host.host_process import eventually, refused, running

TIMER = """
@app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%", run_on_startup={startup})
async def tick(timer: func.TimerRequest) -> None:
    note(f"tick {{timer.past_due}} {{sorted(timer.schedule_status)}}")
"""
SLOW = """
@app.route(route="slow")
async def slow(req: func.HttpRequest) -> str:
    note("started")
    await asyncio.sleep(1)
    note("ended")
    return "whole"

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def work(msg: str) -> None:
    note(f"started {msg}")
    await asyncio.sleep(1)
    note(f"ended {msg}")
"""


@pytest.fixture
def app(azurite: str, tmp_path: Path) -> App:
    """Return an app without functions yet."""
    return App(tmp_path, azurite)


AT_EXIT = """
import atexit

@app.route(route="register")
async def register(req: func.HttpRequest) -> str:
    atexit.register(time.sleep, {seconds})
    atexit.register(note, "exited")
    return ""
"""


@pytest.mark.parametrize("seconds", [0, 600])
def test_a_stop_runs_what_is_registered_for_the_end(app: App, seconds: int) -> None:
    """Telemetry is sent then; what takes too long is left, and the host ends all the same."""
    app.write(AT_EXIT.format(seconds=seconds))
    with running(app.folder, **app.settings) as host:
        assert host.request("/api/register").status_code == 200
        assert host.stop() == 0
    assert app.notes() == ["exited"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_running_invocations_end(app: App, number: signal.Signals) -> None:
    """A signal ends the host with status 0, after what it has begun."""
    app.write(SLOW)
    app.queue("in").create_queue()
    app.queue("in").send_message("x")
    answers: list[str] = []
    with running(app.folder, **app.settings) as host:
        caller = threading.Thread(target=lambda: answers.append(host.http.get("/api/slow").text))
        caller.start()
        eventually(lambda: {"started", "started x"} <= set(app.notes()))
        host.process.send_signal(number)
        assert host.process.wait(PATIENCE) == 0
        caller.join()
    assert answers == ["whole"]
    assert {"ended", "ended x"} <= set(app.notes())
    assert app.queue("in").get_queue_properties().approximate_message_count == 0


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_what_does_not_end_does_not_hold_the_host(app: App, signals: list[int]) -> None:
    """After the time to drain, or at a second Ctrl-C, the host ends, whatever still runs in it."""
    app.write("""
@app.route(route="stuck")
def stuck(req: func.HttpRequest) -> str:
    note("started")
    time.sleep(60)
    return ""

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def stuck_too(msg: func.QueueMessage) -> None:
    note("started too")
    await asyncio.sleep(60)
""")
    app.queue("in").create_queue()
    app.queue("in").send_message("x")
    with running(app.folder, **app.settings) as host:
        caller = threading.Thread(target=_get, args=(host.http, "/api/stuck"))
        caller.start()
        eventually(lambda: len(app.notes()) == 2)
        for number in signals:
            host.process.send_signal(number)
            time.sleep(0.5)
        assert host.process.wait(PATIENCE) == 0
        caller.join()


def test_an_app_that_does_not_index_ends_the_host(app: App) -> None:
    """The worker's own message is printed, and the exit status is 1."""
    app.write("""
@app.route(route="x")
async def wrong(req: func.HttpRequest, extra: int = 1) -> str:
    return ""
""")
    status, printed = refused(app.folder, **app.settings)
    assert status == 1
    assert "FunctionLoadError" in printed
    assert "the following parameters are declared in Python" in printed


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (
            (
                "@app.blob_trigger(arg_name='blob', path='a/b', connection='AzureWebJobsStorage')\n"
                "async def f(blob: func.InputStream) -> None: ..."
            ),
            ["function f", "binding blob", "blobTrigger"],
        ),
        (
            (
                "@app.route(route='x')\n"
                "@app.blob_input(arg_name='spec', path='a/b', connection='AzureWebJobsStorage')\n"
                "async def f(req: func.HttpRequest, spec: str) -> str: ..."
            ),
            ["function f", "binding spec", "blob"],
        ),
        (
            (
                "@app.route(route='x')\n"
                "@app.blob_output(arg_name='copy', path='a/b', connection='AzureWebJobsStorage')\n"
                "async def f(req: func.HttpRequest, copy: func.Out[str]) -> str: ..."
            ),
            ["function f", "binding copy", "blob"],
        ),
        (
            (
                "@app.queue_trigger(arg_name='msg', queue_name='q', connection='Missing')\n"
                "async def f(msg: str) -> None: ..."
            ),
            ["function f", "binding msg", "Missing"],
        ),
        (
            (
                "@app.queue_trigger(arg_name='msg', queue_name='%MISSING%', connection='X')\n"
                "async def f(msg: str) -> None: ..."
            ),
            ["function f", "binding msg", "MISSING"],
        ),
        (
            (
                "@app.route(route='x')\n"
                "@app.queue_output(arg_name='out', queue_name='q-{id}', connection='X')\n"
                "async def f(req: func.HttpRequest, out: func.Out[str]) -> str: ..."
            ),
            ["function f", "binding out", "the type queue"],
        ),
        (
            "@app.route(route='x/{a:even}')\nasync def f(req: func.HttpRequest) -> str: ...",
            ["function f", "binding req", "even"],
        ),
        (
            (
                "@app.timer_trigger(arg_name='timer', schedule='0 99 * * * *')\n"
                "async def f(timer: func.TimerRequest) -> None: ..."
            ),
            ["function f", "binding timer", "0 99 * * * *"],
        ),
        (
            (
                "@app.retry(strategy='fixed_delay', max_retry_count='2', delay_interval='0:0:01')\n"
                "@app.route(route='x')\n"
                "async def f(req: func.HttpRequest) -> str: ..."
            ),
            ["function f", "binding req", "retry"],
        ),
    ],
)
def test_what_is_not_supported_is_refused_by_name(app: App, code: str, named: list[str]) -> None:
    """The host does not start without a binding; it says which function and binding it is."""
    app.write(code)
    status, printed = refused(app.folder, **app.settings)
    assert status == 1
    assert "Traceback" not in printed
    assert all(name in printed for name in named)


def test_a_port_that_is_taken_ends_the_host(app: App) -> None:
    """The exit status tells that it cannot listen."""
    app.write(SLOW)
    with running(app.folder, **app.settings) as host:
        status, printed = refused(
            app.folder, "--port", str(host.http.base_url.port), **app.settings
        )
    assert status == 1
    assert "Traceback" not in printed


def test_a_ready_file_that_cannot_be_written_ends_the_host(app: App) -> None:
    """Nobody waits for ever for a host that cannot say it is ready."""
    app.write(SLOW)
    status, _ = refused(
        app.folder, "--ready-file", str(app.folder / "none" / "ready.json"), **app.settings
    )
    assert status == 1


def test_a_timer_runs_on_schedule(app: App) -> None:
    """A setting gives the schedule; each time runs once, without a status in less than a minute."""
    app.write(TIMER.format(startup=False))
    with running(app.folder, **app.settings, SCHEDULE="* * * * * *"):
        eventually(lambda: len(app.notes()) >= 2)
    assert set(app.notes()) == {"tick False []"}


def test_a_timer_runs_by_hand_and_at_start(app: App) -> None:
    """At start, by runOnStartup, and by hand: a timer runs that is not due."""
    app.write(TIMER.format(startup=True))
    with running(app.folder, **app.settings, SCHEDULE="0 0 0 1 1 *") as host:
        eventually(lambda: len(app.notes()) == 1)
        headers = {"x-functions-key": host.facts["masterKey"]}
        answer = host.http.post("/admin/functions/tick", json={"input": ""}, headers=headers)
        assert answer.status_code == 202
        eventually(lambda: len(app.notes()) == 2)


def test_a_queue_function_runs_by_hand(app: App) -> None:
    """The administration hands over a message that no queue has held."""
    app.write(SLOW)
    with running(app.folder, **app.settings) as host:
        headers = {"x-functions-key": host.facts["masterKey"]}
        body = {"input": "by hand"}
        answer = host.http.post("/admin/functions/work", json=body, headers=headers)
        assert answer.status_code == 202
        eventually(lambda: "ended by hand" in app.notes())


def test_an_invocation_has_the_time_of_host_json(app: App) -> None:
    """An invocation that takes longer than functionTimeout is a 500, and ends its host."""
    app.write(SLOW)
    host_json = app.folder / "host.json"
    host_json.write_text('{"version": "2.0", "functionTimeout": "00:00:00.2"}')
    with running(app.folder, **app.settings) as host:
        assert host.http.get("/api/slow").status_code == 500
        assert host.process.wait(PATIENCE) == 1
    assert "A function timeout has occurred. Restarting worker process" in host.log.read_text()
    assert app.notes() == ["started"]


def test_storage_that_refuses_ends_the_host(app: App) -> None:
    """A host whose key storage does not take ends with the sentence of the real one."""
    app.write(SLOW)
    app.queue("in").create_queue()
    key = re.search("AccountKey=([^;]+)", app.storage)
    assert key is not None
    wrong = app.storage.replace(key[1], "d3Jvbmc=")
    with running(app.folder, **app.settings | {"AzureWebJobsStorage": wrong}) as host:
        assert host.process.wait(PATIENCE) == 1
    log = host.log.read_text()
    assert "An unhandled exception has occurred. Host is shutting down." in log
    assert "AuthorizationFailure" in log or "AuthenticationFailed" in log


def test_a_function_that_exits_has_failed(app: App) -> None:
    """What a function raises to end the process ends its invocation alone."""
    app.write("""
@app.route(route="exits")
def exits(req: func.HttpRequest) -> str:
    raise SystemExit(3)

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def exits_too(msg: func.QueueMessage) -> None:
    note(str(msg.dequeue_count))
    raise SystemExit(3)
""")
    app.queue("in").create_queue()
    app.queue("in").send_message("x")
    with running(app.folder, **app.settings) as host:
        eventually(lambda: len(app.notes()) == 5)
        assert host.http.get("/api/exits").status_code == 500
        assert host.process.poll() is None


def test_the_environment_wins_over_the_settings_file(app: App) -> None:
    """`Values` fill in what the environment does not say."""
    app.write(
        """
import os

@app.route(route="settings")
async def settings(req: func.HttpRequest) -> str:
    return os.environ["BOTH"] + " " + os.environ["FILE"]
""",
        http={"routePrefix": ""},
    )
    file = app.folder / "settings.json"
    file.write_text('{"Values": {"BOTH": "file", "FILE": "file"}}')
    with running(app.folder, "--settings", str(file), **app.settings, BOTH="environment") as host:
        assert host.http.get("/settings").text == "environment file"


def _get(client: httpx.Client, path: str) -> None:
    with contextlib.suppress(httpx.TransportError):
        client.get(path)
