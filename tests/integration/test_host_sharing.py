"""Hosts and other programs on the same queues."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.unit.host.fixture_apps import App
from tests.unit.host.host_process import eventually, running

TAKING = """
@app.queue_trigger(arg_name="msg", queue_name="%PREFIX%-in", connection="AzureWebJobsStorage")
async def take(msg: func.QueueMessage) -> None:
    await asyncio.sleep(0.02)
    note(f"{os.getpid()} {msg.get_body().decode()}")
"""
MESSAGES = 60


@pytest.fixture
def app(azurite: str, tmp_path: Path) -> App:
    """Return an app that notes the messages of a queue and the process that took each."""
    app = App(tmp_path, azurite)
    queues = {
        "messageEncoding": "none",
        "batchSize": 2,
        "newBatchThreshold": 0,
        "maxPollingInterval": "00:00:00.2",
    }
    app.write("import os\n" + TAKING, queues=queues)
    return app


def test_two_hosts_share_a_queue(app: App) -> None:
    """Each message of a queue goes to one of its hosts, and each host gets some."""
    queue = app.queue("in")
    with running(app.folder, **app.settings), running(app.folder, **app.settings):
        queue.create_queue()
        for number in range(MESSAGES):
            queue.send_message(str(number))
        eventually(lambda: len(app.notes()) >= MESSAGES)
        eventually(lambda: queue.get_queue_properties().approximate_message_count == 0)

    takers, taken = zip(*(line.split() for line in app.notes()), strict=True)
    assert Counter(taken) == Counter(map(str, range(MESSAGES)))
    assert len(set(takers)) == 2


def test_a_queue_that_comes_later(app: App) -> None:
    """A trigger waits for its queue, which it does not create, without a word."""
    queue = app.queue("in")
    with running(app.folder, **app.settings) as host:
        queue.create_queue()  # the host has not
        queue.send_message("hello")
        assert eventually(app.notes)[0].endswith(" hello")

    assert "cannot be read" not in host.log.read_text()


def test_a_host_that_starts_later(app: App) -> None:
    """What was sent while no host ran is taken up by the next."""
    queue = app.queue("in")
    queue.create_queue()
    for number in range(5):
        queue.send_message(str(number))

    with running(app.folder, **app.settings):
        eventually(lambda: len(app.notes()) >= 5)

    assert sorted(line.split()[1] for line in app.notes()) == list("01234")
