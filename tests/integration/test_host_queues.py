"""The host's queue triggers and outputs against the storage emulator."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient

from tests.unit.host.fixture_apps import App
from tests.unit.host.host_process import Host, eventually, running

HOPS = """
import base64
import os

from azure.storage.queue import QueueClient


def send(name: str, text: str) -> None:
    if os.environ.get("ENCODING") == "base64":
        text = base64.b64encode(text.encode()).decode()
    storage = os.environ["AzureWebJobsStorage"]
    QueueClient.from_connection_string(storage, f"{os.environ['PREFIX']}-{name}").send_message(text)


@app.route(route="start", methods=["POST"])
def start(req: func.HttpRequest) -> str:
    send("one", req.get_body().decode())
    return "sent"

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-one", connection="AzureWebJobsStorage")
def first(msg: func.QueueMessage) -> None:
    send("two", msg.get_body().decode() + " hopped")

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-two", connection="AzureWebJobsStorage")
def second(msg: str) -> None:
    note(msg)
"""

FAILING = """
@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def fail(msg: func.QueueMessage) -> None:
    note(f"{msg.dequeue_count} {time.time()}")
    raise RuntimeError("always")
"""


@pytest.fixture
def app(azurite: str, tmp_path: Path) -> App:
    """Return an app without functions yet."""
    return App(tmp_path, azurite)


@pytest.mark.parametrize("encoding", ["none", "base64"])
def test_a_message_hops_from_function_to_function(app: App, encoding: str) -> None:
    """A text reaches the functions of queues unchanged, in the encoding of host.json."""
    app.write(HOPS, queues={"messageEncoding": encoding})
    for name in ("one", "two"):
        app.queue(name).create_queue()
    text = 'a "text" with ünïcode & <tags>'
    with running(app.folder, **app.settings, ENCODING=encoding) as host:
        assert host.http.post("/api/start", content=text.encode()).text == "sent"
        assert eventually(app.notes) == [f"{text} hopped"]
        eventually(lambda: app.queue("two").get_queue_properties().approximate_message_count == 0)


def found_at_once(host: Host, app: App, sent: int) -> bool:
    """Send one more message to a listener that has backed off; say whether it is found at once."""
    eventually(lambda: len(app.notes()) == sent)
    time.sleep(7)  # by now the pauses are of more than three seconds
    host.http.post("/api/start", content=str(sent).encode())
    time.sleep(0.5)  # there is no event for what does not happen
    return len(app.notes()) > sent


def test_a_message_does_not_wake_the_listener(app: App) -> None:
    """A listener that has backed off finds a message of its own host when its pause is over."""
    for name in ("one", "two"):
        app.queue(name).create_queue()
    app.write(HOPS, queues={"messageEncoding": "none", "maxPollingInterval": "00:01:00"})
    with running(app.folder, **app.settings) as host:
        host.http.post("/api/start", content=b"first")
        # A pause may end in the half second by chance, but not four times.
        assert not all(found_at_once(host, app, sent) for sent in range(1, 5))


def test_a_poisoned_message_wakes_the_listener_of_its_queue(app: App) -> None:
    """What a listener moves to a poison queue is found at once, however long that was empty."""
    app.write(
        FAILING + FAILING.replace("%PREFIX%-in", "%PREFIX%-in-poison").replace("fail", "poisoned"),
        queues={"messageEncoding": "none", "maxPollingInterval": "00:01:00", "maxDequeueCount": 1},
    )
    for suffix in ("in", "in-poison"):
        app.queue(suffix).create_queue()
    with running(app.folder, **app.settings):
        time.sleep(4)  # by now the pauses are of more than a second
        app.queue("in").send_message("x")
        eventually(lambda: len(app.notes()) == 2)
    first, second = (float(line.split()[1]) for line in app.notes())
    assert second - first < 1


def test_a_failing_message_is_retried_and_then_poisoned(app: App) -> None:
    """After maxDequeueCount attempts, visibilityTimeout apart, a message moves as it is."""
    queues = {"messageEncoding": "none", "maxDequeueCount": 3, "visibilityTimeout": "00:00:01"}
    app.write(FAILING, queues=queues | {"maxPollingInterval": "00:00:00.1"})
    queue = app.queue("in")
    queue.create_queue()
    queue.send_message('{"id": 1}')
    with running(app.folder, **app.settings):
        poison = app.queue("in-poison")
        eventually(lambda: len(app.notes()) == 3)
        message = eventually(lambda: _received(poison))
        assert message == '{"id": 1}'
        eventually(lambda: queue.get_queue_properties().approximate_message_count == 0)
    counts, times = zip(*(line.split() for line in app.notes()), strict=True)
    assert counts == ("1", "2", "3")
    first, second, third = map(float, times)
    assert second - first >= 0.9
    assert third - second >= 0.9


def test_what_is_not_base64_is_poisoned_without_a_call(app: App) -> None:
    """Another attempt would not read it either."""
    app.write(FAILING, queues={})
    queue = app.queue("in")
    queue.create_queue()
    queue.send_message("{not base64}")
    with running(app.folder, **app.settings):
        assert eventually(lambda: _received(app.queue("in-poison"))) == "{not base64}"
    assert app.notes() == []


def test_a_poison_queue_has_no_poison_queue(app: App) -> None:
    """What fails there stays hidden until its lease ends, instead of failing on and on."""
    app.write(FAILING.replace("%PREFIX%-in", "%PREFIX%-in-poison"))
    queue = app.queue("in-poison")
    queue.create_queue()
    queue.send_message("x")
    with running(app.folder, **app.settings) as host:
        eventually(app.notes)
        eventually(lambda: "Native invocation failed" in host.log.read_text())
        time.sleep(1.5)  # more than maxPollingInterval
    assert len(app.notes()) == 1
    assert queue.get_queue_properties().approximate_message_count == 1
    assert queue.receive_message() is None


def test_a_received_message_is_leased_for_ten_minutes(app: App) -> None:
    """A host that is killed keeps its message from others until the lease ends."""
    app.write("""
@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def hang(msg: func.QueueMessage) -> None:
    note(msg.time_next_visible.isoformat())
    await asyncio.sleep(60)
""")
    queue = app.queue("in")
    queue.create_queue()
    queue.send_message("x")
    with running(app.folder, **app.settings) as host:
        until = datetime.fromisoformat(eventually(app.notes)[0])
        host.process.kill()
    assert 590 < (until - datetime.now(UTC)).total_seconds() <= 600
    assert queue.receive_message() is None
    assert queue.get_queue_properties().approximate_message_count == 1


def test_no_more_run_at_once_than_host_json_allows(app: App) -> None:
    """At most batchSize + newBatchThreshold invocations run together, and all run in the end."""
    app.write(
        """
running = 0

@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def work(msg: str) -> None:
    global running
    running += 1
    note(str(running))
    await asyncio.sleep(0.05)
    running -= 1
""",
        queues={"messageEncoding": "none", "batchSize": 4, "newBatchThreshold": 1},
    )
    queue = app.queue("in")
    queue.create_queue()
    for number in range(30):
        queue.send_message(json.dumps(number))
    with running(app.folder, **app.settings):
        eventually(lambda: len(app.notes()) == 30)
        eventually(lambda: queue.get_queue_properties().approximate_message_count == 0)
    assert 2 <= max(map(int, app.notes())) <= 5


def _received(queue: QueueClient) -> str | None:
    try:
        message = queue.receive_message()
    except ResourceNotFoundError:
        return None
    return None if message is None else str(message.content)
