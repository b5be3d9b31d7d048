"""Keys and the administration as the real Functions host has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.functions_host.exchange import exchange, recorded
from tests.integration.functions_host.recorded_app import code
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    content,
    judge,
)
from tests.unit.host.host_process import Host, eventually, running, write_app

FILE = "keys.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

LEVELS = """
def level(name, route, asked):
    app.function_name(name)(app.route(route=route, methods=["GET"], auth_level=asked)(seen(name)))

level("ano", "ano", LEVELS.ANONYMOUS)
level("health", "health", LEVELS.ANONYMOUS)
level("fun", "fun", LEVELS.FUNCTION)
level("list_jobs", "jobs", LEVELS.FUNCTION)
level("adm", "adm", LEVELS.ADMIN)

@app.queue_trigger(arg_name="msg", queue_name="q-by-hand", connection="AzureWebJobsStorage")
async def dispatch(msg: func.QueueMessage) -> None:
    note(
        kind="queue", event="began", bodyType=type(msg.get_body()).__name__,
        body=msg.get_body().decode("latin-1"), id=msg.id, dequeueCount=msg.dequeue_count,
        dequeueCountType=type(msg.dequeue_count).__name__, insertionTime=msg.insertion_time,
        expirationTime=msg.expiration_time, timeNextVisible=msg.time_next_visible,
        popReceipt=msg.pop_receipt, traceParent="",
    )
    note(kind="queue", event="ended", id=msg.id)

@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
async def reconcile(timer: func.TimerRequest) -> None:
    note(
        kind="timer", pastDue=timer.past_due, schedule=timer.schedule,
        scheduleStatus=timer.schedule_status,
    )
"""
KEYS = {"<master>": "master-key", "<host>": "host-key"}


@pytest.fixture(scope="module")
def host(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Run the recorded app with levels and keys."""
    queues = {"extensions": {"queues": {"messageEncoding": "none"}}}
    app = write_app(tmp_path_factory.mktemp("recorded"), code({}) + LEVELS, queues)
    keys = ("--host-key", KEYS["<host>"], "--master-key", KEYS["<master>"])
    with running(app, *keys, AzureWebJobsStorage=azurite) as host:
        yield host


@pytest.mark.parametrize("name", cases(FILE))
def test_a_request(host: Host, name: str, record_property: Record) -> None:
    """A request with a key is answered as recorded, or the list of differences says why not."""
    judge(FILE, name, list(_differences(host, cases(FILE)[name])), record_property)


def _differences(host: Host, case: Case) -> Iterator[object]:
    request = case["request"]
    for placeholder, key in KEYS.items():
        request = request.replace(placeholder, key)
    answer = exchange(host.http.base_url.port or 0, request.encode(), probe="/api/ano")
    response = case["response"]
    for name, value in recorded(response).said().items():
        if value != answer.said()[name]:
            yield name, answer.said()[name], "recorded", value
    if "function" in response:
        if json.loads(answer.body or b"{}").get("function") != response["function"]:
            yield "body", answer.body[:200]
    elif bool(answer.body) != bool(response.get("body", response.get("bodyStart"))):
        yield "body", answer.body[:200]


def test_what_a_function_is_given_by_hand(host: Host, record_property: Record) -> None:
    """A queue function and a timer that are started by hand are given what is recorded."""
    notes = Path(host.log).parent / "notes.txt"
    notes.unlink(missing_ok=True)
    for function, given in (("dispatch", '{"a": 1}'), ("reconcile", "")):
        host.http.post(
            f"/admin/functions/{function}",
            json={"input": given},
            headers={"x-functions-key": KEYS["<master>"]},
        )
    eventually(lambda: notes.exists() and len(notes.read_text().splitlines()) == 3)
    ours = sorted(map(json.loads, notes.read_text().splitlines()), key=_key)
    theirs = sorted(content(FILE)["runByHand"], key=_key)
    unlike = [
        (name, mine[name], their[name])
        for mine, their in zip(ours, theirs, strict=True)
        for name in their
        if name not in {"insertionTime", "scheduleStatus"} and mine[name] != their[name]
    ]
    assert [mine["scheduleStatus"]["Last"] for mine in ours if mine["kind"] == "timer"] == [
        "0001-01-01T00:00:00+00:00"
    ]
    judge(FILE, "by hand", unlike, record_property)


def _key(note: dict[str, object]) -> tuple[str, str]:
    return str(note["kind"]), str(note.get("event"))
