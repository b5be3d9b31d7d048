"""Apps that are wrong in one way: what starts, and what answers, as with the real host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from azure_quantum_emulator.supervision.azurite import connection_string
from localdev.host.configuration import ConfigurationError, load_host
from tests.integration.functions_host.recorded_app import CODE
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    judge,
)
from tests.unit.host.host_process import Host, running, write_app

FILE = "startup.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

FUNCTIONS = """
for name, route in (("health", "health"), ("list_targets", "targets"), ("list_jobs", "jobs"),
                    ("get_job", "jobs/{id}")):
    app.function_name(name)(app.route(route=route, methods=["GET"])(seen(name)))

@app.queue_trigger(arg_name="msg", queue_name="q-startup", connection="AzureWebJobsStorage")
async def dispatch(msg: func.QueueMessage) -> None: ...

@app.timer_trigger(arg_name="timer", schedule="%APP_TIMER%")
async def reconcile(timer: func.TimerRequest) -> None: ...
"""
APP = CODE.replace(" in {}.items()", " in ()") + FUNCTIONS


@dataclass(frozen=True)
class Wrong:
    """An app with one thing that is wrong."""

    code: str | None = APP
    host: str = '{"version": "2.0"}'
    settings: Mapping[str, str | None] = field(default_factory=dict)

    def adding(self, code: str) -> Wrong:
        """Return it with more functions."""
        return replace(self, code=f"{self.code}{code}")


def _route(route: str, name: str = "other") -> str:
    return (
        f'\napp.function_name("{name}")(app.route(route="{route}", methods=["GET"])(seen("x")))\n'
    )


def _host(**members: object) -> Wrong:
    return Wrong(host=json.dumps({"version": "2.0"} | members))


def _queues(**options: object) -> Wrong:
    return _host(extensions={"queues": options})


def _prefix(prefix: str) -> Wrong:
    return _host(extensions={"http": {"routePrefix": prefix}})


def _with(**settings: str | None) -> Wrong:
    return Wrong(settings=settings)


PLAIN = Wrong()
WRONG: Mapping[str, Wrong] = {
    "import-raises": PLAIN.adding("\nraise RuntimeError\n"),
    "import-missing-module": PLAIN.adding("\nimport nothing_of_this_name\n"),
    "import-syntax": PLAIN.adding("\ndef (:\n"),
    "import-exits": PLAIN.adding("\nos._exit(7)\n"),
    "no-function-app": Wrong(code=None),
    "no-functions": Wrong(code=CODE.replace(" in {}.items()", " in ()")),
    "two-apps": PLAIN.adding("\nanother = func.FunctionApp()\n"),
    "same-name-twice": PLAIN.adding(_route("other", "health")),
    "same-route-twice": PLAIN.adding(_route("health", "health2")),
    "reserved-route": PLAIN.adding(_route("/admin/x", "reserved")),
    "reserved-route-without-prefix": replace(
        _prefix(""), code=f"{APP}{_route('/admin/x', 'reserved')}"
    ),
    "bad-template": PLAIN.adding(_route("x/{a", "bad")),
    "unknown-constraint": PLAIN.adding(_route("x/{a:nothing}", "bad")),
    "wrong-parameter-name": PLAIN.adding(
        '\n@app.route(route="x", trigger_arg_name="req")\n'
        'def bad(request: func.HttpRequest) -> str:\n    return ""\n'
    ),
    "setting-of-timer-missing": _with(APP_TIMER=None),
    "schedule-wrong": _with(APP_TIMER="nonsense"),
    "schedule-five-fields": _with(APP_TIMER="*/5 * * * *"),
    "schedule-timespan": _with(APP_TIMER="01:00:00"),
    "storage-missing": _with(AzureWebJobsStorage=None),
    "storage-unreachable": _with(AzureWebJobsStorage=connection_string((1, 2, 3))),
    "storage-nonsense": _with(AzureWebJobsStorage="nonsense"),
    "function-disabled": _with(**{"AzureWebJobs.list_targets.Disabled": "true"}),
    "function-disabled-other-spelling": _with(AzureWebJobs__list_targets__Disabled="1"),
    "only-some-functions": _with(
        AzureFunctionsJobHost__functions__0="dispatch", AzureFunctionsJobHost__functions__1="health"
    ),
    "host-json-missing": Wrong(host=""),
    "host-json-broken": Wrong(host="{"),
    "host-json-empty": Wrong(host="{}"),
    "host-json-no-version": Wrong(host='{"extensions": {}}'),
    "host-json-version-1": _host(version="1.0"),
    "host-json-version-number": _host(version=2.0),
    "host-json-comment": Wrong(host='// a comment\n{"version": "2.0"}'),
    "host-json-trailing-comma": Wrong(host='{"version": "2.0",}'),
    "host-json-unknown-members": _host(
        unknown=1, extensions={"unknown": {}, "queues": {"unknown": 1}, "http": {"unknown": 1}}
    ),
    "host-json-batch-size-33": _queues(batchSize=33),
    "host-json-batch-size-0": _queues(batchSize=0),
    "host-json-batch-size-word": _queues(batchSize="many"),
    "host-json-max-dequeue-0": _queues(maxDequeueCount=0),
    "host-json-encoding-wrong": _queues(messageEncoding="utf8"),
    "host-json-polling-0": _queues(maxPollingInterval="00:00:00"),
    "host-json-polling-number": _queues(maxPollingInterval=1000),
    "host-json-visibility-wrong": _queues(visibilityTimeout="soon"),
    "host-json-threshold-negative": _queues(newBatchThreshold=-1),
    "host-json-timeout-wrong": _host(functionTimeout="soon"),
    "host-json-timeout-minus-1": _host(functionTimeout="-1"),
    "host-json-timeout-zero": _host(functionTimeout="00:00:00"),
    "host-json-timeout-day": _host(functionTimeout="1.00:00:00"),
    "host-json-prefix-slashes": _prefix("/api/"),
    "host-json-prefix-two": _prefix("api/v1"),
    "host-json-prefix-empty": _prefix(""),
    "host-json-bundle": _host(
        extensionBundle={
            "id": "Microsoft.Azure.Functions.ExtensionBundle",
            "version": "[4.*, 5.0.0)",
        }
    ),
    "runtime-missing": _with(FUNCTIONS_WORKER_RUNTIME=None),
    "runtime-other": _with(FUNCTIONS_WORKER_RUNTIME="node"),
    "host-id-too-long": _with(AzureFunctionsWebHost__hostid="x" * 40),
    "host-id-upper-case": _with(AzureFunctionsWebHost__hostid="Upper"),
    "host-id-odd": _with(AzureFunctionsWebHost__hostid="a_b c"),
}


@pytest.mark.parametrize("name", cases(FILE))
def test_a_start(name: str, azurite: str, tmp_path: Path, record_property: Record) -> None:
    """An app starts and answers as recorded, or the list of differences says why not."""
    judge(
        FILE,
        name,
        list(_differences(cases(FILE)[name], WRONG[name], azurite, tmp_path)),
        record_property,
    )


def _differences(case: Case, wrong: Wrong, storage: str, folder: Path) -> Iterator[object]:
    app = write_app(folder, wrong.code or "")
    (app / "host.json").write_text(wrong.host)
    if wrong.code is None:
        (app / "function_app.py").unlink()
    if not wrong.host:
        (app / "host.json").unlink()
    try:
        load_host(app)
    except ConfigurationError as error:
        yield "does not start", str(error)
        return
    usual: Mapping[str, str | None] = {
        "AzureWebJobsStorage": storage,
        "APP_TIMER": "0 0 0 1 1 *",
        "FUNCTIONS_WORKER_RUNTIME": "python",
    }
    settings = {n: v for n, v in {**usual, **wrong.settings}.items() if v is not None}
    try:
        with running(app, **settings) as host:
            yield from _unlike(host, case)
    except AssertionError as error:  # it did not start; the message is its log
        if "cannot run: " not in str(error) and case["id"] != "import-exits":
            raise
        yield "does not start", str(error)[-300:]


def _unlike(host: Host, case: Case) -> Iterator[object]:
    for request in case["requests"]:
        if request["path"] == "/":  # the home page is one of the cases over HTTP
            continue
        status = host.request(request["path"]).status_code
        if f" {status} " not in request["line"]:
            yield request["path"], status, request["line"]
