"""Metadata of queue messages, and the names of poison queues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from azure.functions.queue import QueueMessageInConverter
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient
from azure_functions_runtime.bindings.datumdef import Datum

from azure_quantum_emulator.supervision.azurite import connection_string
from localdev.host.configuration import QueueOptions
from localdev.host.connections import Connections
from localdev.host.listener import QueueListener, poison_queue
from localdev.host.queues import Queues

MOMENT = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        ("jobs", "jobs-poison"),
        ("jobs-poison", None),  # what fails there has nowhere to go
        ("q" * 56, "q" * 56 + "-poison"),
        ("q" * 57, None),  # the name would be too long for a queue
    ],
)
def test_the_poison_queue(queue: str, expected: str | None) -> None:
    """What fails for good goes to the queue of that name with `-poison`, if there can be one."""
    assert poison_queue(queue) == expected


async def test_what_a_function_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function gets the message with its text, its counts, its times and its receipt."""
    monkeypatch.setenv("AzureWebJobsStorage", connection_string((1, 2, 3)))
    told: list[tuple[Datum, Mapping[str, Datum]]] = []

    async def run(value: Datum, metadata: dict[str, Datum]) -> None:
        told.append((value, metadata))

    queues = Queues(Connections(), base64_texts=True)
    listener = QueueListener(queues, "AzureWebJobsStorage", "jobs", QueueOptions(), run, failed)
    monkeypatch.setattr(QueueClient, "delete_message", lambda *_: run_nothing())
    message = QueueMessage(content="aGVsbG8=", id="1", dequeue_count=3, pop_receipt="receipt")
    message.inserted_on = message.expires_on = message.next_visible_on = MOMENT

    await listener._work(message)  # noqa: SLF001 - what `listen` does with each message
    await queues.close()

    value, metadata = told[0]
    decoded = QueueMessageInConverter.decode(value, trigger_metadata=metadata)
    assert decoded.get_body() == b"hello"
    assert (decoded.id, decoded.dequeue_count, decoded.pop_receipt) == ("1", 3, "receipt")
    assert decoded.insertion_time == decoded.expiration_time == decoded.time_next_visible
    assert decoded.insertion_time == MOMENT
    assert metadata["QueueTrigger"].value == "hello"


async def run_nothing() -> None:
    """Do nothing."""


def failed(error: BaseException) -> None:
    """Fail the test where a host would end."""
    raise error
