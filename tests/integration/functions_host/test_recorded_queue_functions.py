"""Queue functions of the worker as with the real Functions host."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient

from emulator_support.patience import PATIENCE
from localdev.host.app import App as HostedApp
from localdev.host.configuration import ConfigurationError, HostOptions, seconds
from localdev.host.registration import register
from localdev.host.worker import Function
from tests.integration.functions_host.memory_queues import MemoryQueues, Storage
from tests.integration.functions_host.queue_replay import played
from tests.integration.functions_host.recorded_app import CODE
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    judge,
)
from tests.unit.host.fixture_apps import App
from tests.unit.host.host_process import eventually, running

FILE = "queue-functions.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

FUNCTION = """
@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def dispatch(msg: func.QueueMessage) -> None:
    body = msg.get_body()
    note(
        bodyType=type(body).__name__, body=body.decode("latin-1"), dequeueCount=msg.dequeue_count,
        dequeueCountType=type(msg.dequeue_count).__name__,
        hidden=round((msg.time_next_visible - msg.insertion_time).total_seconds() / 60),
        lives=(msg.expiration_time - msg.insertion_time).days,
    )
"""

SLOW = """
@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def work(msg: func.QueueMessage) -> None:
    note(event="began")
    await asyncio.sleep(json.loads(msg.get_body())["sleep"])
    note(event="ended")
"""


@pytest.mark.parametrize("name", cases(FILE))
def test_a_case(name: str, azurite: str, tmp_path: Path, record_property: Record) -> None:
    """Queue functions are given and write what they are there, or the list says why not."""
    app = App(tmp_path, azurite)
    judge(FILE, name, list(_differences(name, cases(FILE)[name], app)), record_property)


def _differences(name: str, case: Case, app: App) -> Iterator[object]:
    if "messages" in case:
        yield from _unlike_given(case, app)
    elif "written" in case or "answers" in case:
        yield _refusal()
    elif name == "a-message-that-always-fails":
        yield from _unlike_failures(case)
    elif "stopTookAndCode" in case:
        yield from _unlike_stop(name, case, app)
    elif name == "messages-at-a-time":
        yield from _unlike_at_a_time(case)
    elif "maxPollingInterval" in case:
        yield from _unlike_wait(name, case)
    else:
        yield "there is nothing to compare"


def _unlike_given(case: Case, app: App) -> Iterator[object]:
    """Yield what a function is given otherwise, and how many messages are left."""
    queues = {"messageEncoding": case["messageEncoding"], "visibilityTimeout": "00:00:10"}
    app.write("")
    text = CODE.replace(" in {}.items()", " in ()") + FUNCTION
    (app.folder / "function_app.py").write_text(text)
    host = {"version": "2.0", "extensions": {"queues": queues}}
    (app.folder / "host.json").write_text(json.dumps(host))
    queue = app.queue("in")
    queue.create_queue()
    for message in case["messages"]:
        queue.send_message(_written_out(message["text"]))
    given = [message["records"][0] for message in case["messages"] if message["records"]]
    left = sum(count or 0 for count in case["left"].values())
    with running(app.folder, **app.settings):
        eventually(lambda: len(app.notes()) == len(given))
        # What is no text comes again; the others that no function gets are in the poison queue.
        eventually(lambda: _count(queue) + _count(app.queue("in-poison")) == left)
    ours = sorted(map(_shortened, app.notes()))
    theirs = sorted(
        (each["bodyType"], each["body"], each["dequeueCount"], each["dequeueCountType"], 10, 7)
        for each in given
    )
    if ours != theirs:
        yield ours, "recorded", theirs


def _shortened(note: str) -> tuple[object, ...]:
    facts = json.loads(note)
    body = facts["body"]
    body = f"{len(body)} characters" if len(body) > 1000 else body
    counts = (facts["dequeueCount"], facts["dequeueCountType"], facts["hidden"], facts["lives"])
    return facts["bodyType"], body, *counts


def _written_out(text: str) -> str:
    number, _, letters = text.partition(" letters ")
    return letters * int(number) if letters else text


def _count(queue: QueueClient) -> int:
    try:
        return int(queue.get_queue_properties().approximate_message_count or 0)
    except ResourceNotFoundError:
        return 0


def _refusal() -> str:
    """Return what the host says of a function with an output binding."""
    trigger = {"type": "httpTrigger", "direction": "IN", "name": "req"}
    output = {"type": "queue", "direction": "OUT", "name": "out"}
    app = HostedApp(
        HostOptions.model_validate({"version": "2.0"}), MemoryQueues(Storage(), base64_texts=False)
    )
    try:
        register(app, Function("id", "writes", (trigger, output)))
    except ConfigurationError as error:
        return str(error)
    return ""


def _pseudo(**members: Any) -> Case:  # noqa: ANN401 - members of a case
    """Return a case such as those of the listener's recordings."""
    return {"name": "", "section": "", "about": "", "functions": "", **members}


def _unlike_failures(case: Case) -> Iterator[object]:
    begun = [record for record in case["records"] if record.get("event") == "began"]
    begun = [record for record in begun if record["kind"] == "queue"]
    put = {"t": 0, "by": "test", "do": "put", "text": "throw"}
    end = {"t": begun[-1]["second"] * 1000 + 5000, "do": "nothing"}
    events = played(_pseudo(options=case["settings"], observed={"events": [put, end]}))
    starts = [event for event in events if event["do"] == "start"]
    if [each["dequeue"] for each in starts] != [each["dequeueCount"] for each in begun]:
        yield starts, begun
    for ours, theirs in zip(starts, begun, strict=False):
        if abs(ours["t"] / 1000 - theirs["second"]) > 2 * theirs["dequeueCount"]:
            yield ours, theirs
    puts = [event.get("status", 0) for event in events if event["do"] == "put"]
    if puts[-1:] != [0]:
        yield "the message was not poisoned"


def _unlike_stop(name: str, case: Case, app: App) -> Iterator[object]:
    """Yield whether a message under way is finished otherwise, and what is left of it."""
    if case["stopTookAndCode"][1] == "killed":
        yield "it stops"
        return
    app.write("")
    code = CODE.replace(" in {}.items()", " in ()") + SLOW
    (app.folder / "function_app.py").write_text(code)
    queue = app.queue("in")
    queue.create_queue()
    queue.send_message(json.dumps({"sleep": case["takes"]}))
    with running(app.folder, **app.settings) as host:
        eventually(lambda: len(app.notes()) == 1)
        host.process.send_signal(signal.Signals[name.partition("-")[0]])
        exit_code = host.process.wait(PATIENCE)
    ours = exit_code, len(app.notes()), _count(queue)
    theirs = case["stopTookAndCode"][1], len(case["records"]), case["atOnceAfter"]["count"]
    if ours != theirs:
        yield ours, "recorded", theirs


def _unlike_at_a_time(case: Case) -> Iterator[object]:
    number = case["batchSize"]
    options = {n: case[n] for n in ("batchSize", "newBatchThreshold")}
    waiting = _pseudo(
        section="batches",
        about=f"{number} messages",
        options=options | {"messageEncoding": "none"},
        observed={"events": [{"t": 2000, "do": "nothing"}]},
    )
    starts = [event for event in played(waiting) if event["do"] == "start"]
    at_once = len([event for event in starts if event["t"] == starts[0]["t"]])
    if at_once != case["asyncFunction"]:
        yield at_once, case


def _unlike_wait(name: str, case: Case) -> Iterator[object]:
    """Yield waits that are longer than the listener's, or so short that it must have been woken."""
    longest = seconds(case["maxPollingInterval"])
    if "sdk" in case:
        waits = case["sdk"]
    elif name.startswith("poison-copy"):
        waits = [
            _seconds_to_second_start("F on $q throws, P listens to $q-poison", "throw", longest)
        ]
        if max(waits) > max(case["secondsFromTheFailureToTheStart"]):
            yield waits
        return
    else:
        waits = [wait for _, wait in case["secondsUntilStart"]]
        functions = "F on $q writes to $q-b, S listens to it"
        ours = _seconds_to_second_start(functions, "out 1", longest)
        if ours < 1:
            yield "an output wakes the listener", ours
    if max(waits) > longest:
        yield waits


def _seconds_to_second_start(functions: str, text: str, longest: float) -> float:
    """Return how long a message that a function writes waits in another queue."""
    put = {"t": 40_000, "by": "test", "do": "put", "text": text}
    output = {"t": 40_000 + 2000 * longest, "do": "put", "text": "ok"}
    options = {"maxPollingInterval": "00:00:30", "maxDequeueCount": 1, "messageEncoding": "none"}
    case = _pseudo(functions=functions, options=options, observed={"events": [put, output]})
    events = played(case)
    first, second = (event["t"] for event in events if event["do"] == "start")
    return float(second - first) / 1000
