"""Heartbeats through the triggers: the functions as the host calls them, over fakes."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any, override

import azure.functions as func
import pytest
from azure.functions.decorators.function_app import Function

from functions import http_functions_health, queue_outputs, queue_work, timer_reconcile
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.heartbeat import FUNCTIONS, RECONCILE, WORKERS, Heartbeat
from qjobs.domain.messages import Message, Queue
from qjobs.settings import Settings
from tests.fakes import START, FakePorts
from tests.invocation import invoke

APP = runpy.run_path(str(Path(__file__).parents[3] / "function_app.py"))["app"]
REGISTERED: dict[str, Function] = {one.get_function_name(): one for one in APP.get_functions()}


class Delivery(func.QueueMessage):
    """A message as the host delivers it, for the first time or again."""

    def __init__(self, message: Message | DeliveryMessage | Heartbeat, count: int) -> None:
        super().__init__(body=message.encode())
        self._count = count

    @property
    @override
    def dequeue_count(self) -> int:
        return self._count


@pytest.fixture
def ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    """Return the fakes over which the functions work."""
    ports = FakePorts(FileCatalogue(tmp_path))
    environment = {"AzureWebJobsStorage": "unused", "QJOBS_KEY_VAULT_URI": "unused"}
    services = Services(ports, Settings.from_environment(environment))
    for module in (http_functions_health, queue_outputs, queue_work, timer_reconcile):
        monkeypatch.setattr(module, "services", lambda: services)
    return ports


def triggers(kind: str) -> dict[str, dict[str, Any]]:
    """Return the triggers of a type, by the name of the function."""
    every = {name: one.get_trigger() for name, one in REGISTERED.items()}
    return {
        name: trigger.get_dict_repr()
        for name, trigger in every.items()
        if trigger is not None and trigger.type == kind
    }


async def run(function: str, argument: object) -> Any:  # noqa: ANN401 - as the host
    """Run a function as the host does; return what it returns."""
    return await invoke(REGISTERED[function].get_user_function(), argument)


async def refuse(*_: object) -> None:
    """Fail as a storage that does not answer."""
    raise StorageUnavailableError


def test_the_functions_with_heartbeats_are_those_of_the_app() -> None:
    """Each listens on its queue; the others of queues are for poison, and there is one timer."""
    queues = {
        name: trigger["queueName"]
        for name, trigger in triggers("queueTrigger").items()
        if not name.endswith("_poison")
    }
    assert queues == {function: queue.value for queue, function in WORKERS.items()}
    assert set(triggers("timerTrigger")) == {RECONCILE}


@pytest.mark.parametrize("queue", Queue)
@pytest.mark.parametrize("count", [1, 4])
async def test_the_function_of_a_queue_notes_a_heartbeat(
    ports: FakePorts, queue: Queue, count: int
) -> None:
    """It takes it for no job, however often it was delivered."""
    await run(WORKERS[queue], Delivery(Heartbeat(queue, "local"), count))

    assert [beat.function for beat in await ports.heartbeats.last()] == [WORKERS[queue]]
    assert ports.queue.sent == []
    assert ports.queue.heartbeats == []


@pytest.mark.parametrize(
    "message",
    [
        Message(Queue.DISPATCH, "owner", "gone", step=0),
        Message(Queue.TRACK, "owner", "gone", step=0),
        DeliveryMessage("owner", "gone", "gone", "gone"),
    ],
)
async def test_another_message_is_no_heartbeat(
    ports: FakePorts, message: Message | DeliveryMessage
) -> None:
    """It costs no transaction more than before there were heartbeats."""
    await run(WORKERS[message.queue], Delivery(message, 1))

    assert await ports.heartbeats.last() == []


async def test_the_timer_sends_heartbeats(ports: FakePorts) -> None:
    """One to each queue."""
    await run(RECONCILE, None)

    assert [beat.queue for beat, _ in ports.queue.heartbeats] == list(WORKERS)


async def test_failed_reconciliation_does_not_keep_heartbeats_back(
    ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host hears of the failure, and the other functions still show that they run."""
    monkeypatch.setattr(ports.jobs, "overdue", refuse)

    with pytest.raises(StorageUnavailableError):
        await run(RECONCILE, None)

    assert {beat.function for beat in await ports.heartbeats.last()} == set(FUNCTIONS)
    assert len(ports.queue.heartbeats) == len(WORKERS)


async def test_failed_heartbeats_do_not_keep_reconciliation_back(
    ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost jobs are found, and the timer's run is a success."""
    looked = []

    async def overdue(*_: object) -> list[tuple[str, str]]:
        looked.append(True)
        return []

    monkeypatch.setattr(ports.jobs, "overdue", overdue)
    for method in ("note", "expect"):
        monkeypatch.setattr(ports.heartbeats, method, refuse)

    await run(RECONCILE, None)

    assert looked == [True]


async def asked() -> tuple[int, Any]:
    """Return status and document of the answer to anybody who asks for the functions' health."""
    request = func.HttpRequest("GET", "https://host/api/health/functions", body=b"")
    response = await run("get_functions_health", request)
    return response.status_code, json.loads(response.get_body())


async def test_health_says_when_each_function_ran(ports: FakePorts) -> None:
    """In every region, with the time in UTC."""
    await ports.heartbeats.note("local", "reconcile")
    ports.clock.advance(60)
    await ports.heartbeats.note("westeurope", "track")

    status, document = await asked()

    assert status == 200
    assert document == {
        "status": "Healthy",
        "functions": [
            {"region": "local", "function": "reconcile", "lastRun": "2026-01-02T03:04:05.678901Z"},
            {"region": "westeurope", "function": "track", "lastRun": "2026-01-02T03:05:05.678901Z"},
        ],
    }


async def test_health_names_what_does_not_run(ports: FakePorts) -> None:
    """Functions, regions and minutes, and nothing else of the service."""
    await ports.heartbeats.note("westeurope", "track")
    await ports.heartbeats.note("local", "dispatch")
    ports.clock.advance(42 * 60)
    await ports.heartbeats.note("local", "reconcile")

    status, document = await asked()

    assert status == 500
    assert document["code"] == "functions-not-running"
    assert document["detail"] == (
        "dispatch in local has not run for 42 minutes. "
        "track in westeurope has not run for 42 minutes."
    )


async def test_a_new_deployment_is_healthy(ports: FakePorts) -> None:
    """Before the first heartbeat there is nothing to tell."""
    assert ports.clock.now() == START

    assert await asked() == (200, {"status": "Healthy", "functions": []})


async def test_health_without_storage_opens_no_circuit_breaker(
    ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error of its own, and not the 503 of other requests, because anybody may ask."""
    monkeypatch.setattr(ports.heartbeats, "last", refuse)

    status, document = await asked()

    assert (status, document["code"]) == (500, "functions-not-running")
    assert document["detail"] == "The storage of queues and heartbeats does not answer."
