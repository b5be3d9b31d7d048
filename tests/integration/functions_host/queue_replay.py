"""Replays what happened to the queues of a recording, with the host's listeners, in no time."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from azure.core.exceptions import (
    AzureError,
    DecodeError,
    ServiceRequestError,
    ServiceResponseTimeoutError,
)
from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.configuration import QueueOptions
from localdev.host.listener import QueueListener
from localdev.host.worker import InvocationError
from tests.integration.functions_host.memory_queues import Event, MemoryQueues, Storage, failure
from tests.integration.functions_host.virtual_time import run

_DELAY = re.compile(r"sleep(?:ct|throw)? (\d+)")
_WAITING = re.compile(r"(\d+|twelve) messages")
_TIMEOUT = 2.0
"""The time that functions have in the cases about it."""


@dataclass
class Replay:
    """A case that is played again."""

    case: Mapping[str, Any]
    storage: Storage = field(default_factory=Storage)
    listeners: list[QueueListener] = field(default_factory=list)
    down: bool = False
    """Whether storage is."""
    _make: Callable[[], list[QueueListener]] = list
    _failed: bool = False
    _starts: int = 0
    _begun: asyncio.Condition = field(default_factory=asyncio.Condition)
    _listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def play(self) -> list[Event]:
        """Return what the listeners did, with times as in the recording."""
        events = self.case["observed"].get("events", [])
        acts = [each for each in events if "by" in each or each["do"] == "drain mode asked"]
        start = -min([0, *(event["t"] for event in acts)])
        self._prepare()
        acting = asyncio.create_task(self._act(acts, start))
        await asyncio.sleep(start / 1000)
        self._start()
        await asyncio.sleep(_last(self.case) / 1000 + self._options.max_polling_interval + 1)
        acting.cancel()
        self._stop()
        await asyncio.wait(self._listening, timeout=1000)
        return [event | {"t": event["t"] - start} for event in self.storage.events]

    def _prepare(self) -> None:
        defaults = {"batchSize": 16, "newBatchThreshold": 16, "maxPollingInterval": "00:01:00"}
        self._options = QueueOptions.model_validate(defaults | self.case["options"])
        name, functions = self.case["name"], self.case.get("functions", "")
        lengths = {"poison-name-longest": 56, "poison-name-too-long": 58}
        length = next((lengths[each] for each in lengths if name.startswith(each)), 0)
        self.storage.base = "q" * length or "$q"
        queues = [] if functions.startswith("P ") else [self.storage.base]
        queues += ["$q-b"] * ("S listens" in functions)
        queues += ["$q-poison"] * ("P listens" in functions)
        missing = {"queue-missing": "$q", "wake-by-output-new-queue": "$q-b"}.get(name)
        self.storage.queues = {queue: [] for queue in queues if queue != missing}
        for text in _waiting(self.case):
            self.storage.put("$q", text)
        self.storage.fault = partial(_FAULTS.get(name, lambda *_: None), self)
        client = MemoryQueues(self.storage, base64_texts=self._options.base64)
        self._make = lambda: [
            QueueListener(
                client, "", queue, self._options, partial(self._run, client, queue), self._fail
            )
            for queue in queues
        ]
        self._queue = queues[0]

    def _start(self) -> None:
        hosts = 2 if "two hosts" in self.case["about"] else 1
        self.listeners = [listener for _ in range(hosts) for listener in self._make()]
        self._listening = [asyncio.create_task(self._listen(each)) for each in self.listeners]

    def _stop(self) -> None:
        for listener in self.listeners:
            listener.stop()

    async def _listen(self, listener: QueueListener) -> None:
        try:
            await listener.listen()
        except AzureError as error:
            self._fail(error)

    def _fail(self, _error: BaseException) -> None:
        if not self._failed:
            self.storage.tell("stops")
        self._failed = True
        self._stop()

    async def _act(self, acts: list[Event], start: float) -> None:
        """Do what the test did: when it did, and after as many functions had begun."""
        for act in acts:
            begun = [
                event
                for event in self.case["observed"]["events"]
                if event["do"] == "start" and event["t"] < act["t"]
            ]
            async with self._begun:
                await self._begun.wait_for(lambda: self._starts >= len(begun))  # noqa: B023 - awaited at once
            await asyncio.sleep(max(0, (act["t"] + start - self.storage.now()) / 1000))
            self._do(act, act.get("queue", self._queue))

    def _do(self, act: Event, queue: str) -> None:
        messages = self.storage.queues.get(queue, [])
        now = self.storage.now()
        match act["do"]:
            case "put":
                late = 5000 if self.case["name"] == "delay-then-visible" else 0
                self.storage.put(queue, act["text"], late)
            case "get" | "update":
                messages[0].visible = now + act["hide"] * 1000
                messages[0].dequeue_count += act["do"] == "get"
                messages[0].receipt += 1
            case "delete":
                self.storage.remove(act["m"])
            case "create queue":
                self.storage.queues[queue] = []
            case "delete queue":
                del self.storage.queues[queue]
            case "SIGTERM" | "drain mode asked":
                self._stop()
            case "SIGKILL":
                self._kill(again=act.get("host") == "first")
            case do:
                self.down = {"storage is down": True}.get(do, self.down and "again" not in do)

    def _kill(self, *, again: bool) -> None:
        """End a host as a crash would; start another."""
        for listener in self.listeners:
            for task in listener._tasks:  # noqa: SLF001 - a crash does not ask either
                task.cancel()
        for task in self._listening:
            task.cancel()
        if again:
            self._start()

    async def _run(
        self, queues: MemoryQueues, queue: str, value: Datum, metadata: dict[str, Datum]
    ) -> None:
        message, count = metadata["Id"].value, int(metadata["DequeueCount"].value)
        self._starts += 1
        async with self._begun:
            self._begun.notify_all()
        self.storage.tell("start", m=message, dequeue=count, metadata=sorted(metadata))
        limit = _TIMEOUT if self.case["name"].startswith("function-timeout") else None
        try:
            async with asyncio.timeout(limit):
                await self._body(queues, queue, str(value.value), count)
        except (InvocationError, TimeoutError) as error:
            self.storage.tell("end", m=message, threw=True)
            raise InvocationError from error
        self.storage.tell("end", m=message, threw=False)

    async def _body(self, queues: MemoryQueues, queue: str, text: str, count: int) -> None:
        if delay := _DELAY.match(text):
            await asyncio.sleep(int(delay[1]) / 1000)
        if text.startswith(("throw", "sleepthrow")):
            until = int(text.split()[1]) if text.startswith("throwuntil") else count + 1
            if count < until:
                raise InvocationError
        if "writes to $q-b" in self.case.get("functions", "") and queue == "$q":
            written = next(
                event["text"]
                for event in self.case["observed"]["events"]
                if event["do"] == "put" and "by" not in event
            )
            try:
                await queues.copy(queues.client("", "$q-b"), written)
            except AzureError as error:
                raise InvocationError from error


def _waiting(case: Mapping[str, Any]) -> Iterator[str]:
    """Yield the messages that wait before the start of a case about batches."""
    found = _WAITING.search(case["about"])
    about_many = case["section"] == "batches" or case["name"] == "stop-drain-takes-no-more"
    if not found or not about_many:
        return
    for number in range(12 if found[1] == "twelve" else int(found[1])):
        if case["section"] == "stop":
            yield "sleep 1000"
        elif "the first takes 3 s" in case["about"]:
            yield "sleep 200" if number else "sleep 3000"
        else:
            yield f"sleep {300 + 37 * number % 200 if '37 i' in case['about'] else 300}"


def _last(case: Mapping[str, Any]) -> float:
    times = [0.0]
    for event in case["observed"].get("events", []):
        times += event["t"] if isinstance(event["t"], list) else [event["t"]]
    times += [sum(waits) for waits in case["observed"].get("waits", {}).values()]
    times += case["observed"].get("emptyGets", [])
    return max(times)


type Fault = Callable[[Replay, str, str], AzureError | None]


def _while_down(status: int, code: str) -> Fault:
    def fault(replay: Replay, _operation: str, _queue: str) -> AzureError | None:
        return failure(status, code) if replay.down else None

    return fault


def _from(second: float, operation: str, error: AzureError, until: float = 1e9) -> Fault:
    def fault(replay: Replay, asked: str, queue: str) -> AzureError | None:
        poison = operation == "put"
        if asked != operation or (poison and queue == "$q"):
            return None
        return error if second <= replay.storage.now() / 1000 < until else None

    return fault


def _refused(replay: Replay, _operation: str, _queue: str) -> AzureError | None:
    return ServiceRequestError("connection refused") if replay.down else None


_403 = failure(403, "AuthorizationFailure")
_503 = failure(503, "ServerBusy")
_FAULTS: Mapping[str, Fault] = {
    "down-mid-403": _while_down(403, "AuthorizationFailure"),
    "down-start-403": _while_down(403, "AuthorizationFailure"),
    "down-mid-503": _while_down(503, "ServerBusy"),
    "down-mid-500": _while_down(500, "InternalError"),
    "down-start-503": _while_down(503, "ServerBusy"),
    "down-while-running-503": _while_down(503, "ServerBusy"),
    "down-mid-refused": _refused,
    "down-start-refused": _refused,
    "down-mid-reset": _refused,
    "down-while-running-refused": _refused,
    "stops-refused-for-60s": _refused,
    "get-503-for-5s": _from(5, "get", _503, 9.1),
    "get-503-for-120s": _from(4, "get", _503, 124),
    "get-409-being-deleted": _from(0.3, "get", failure(409, "QueueBeingDeleted"), 10.4),
    "get-404-other": _from(0.4, "get", failure(404, "ResourceNotFound")),
    "stops-get-403": _from(0.2, "get", _403, 5),
    "stops-get-429": _from(0.5, "get", failure(429, "TooManyRequests")),
    "poison-unwritable-403": _from(0, "put", _403),
    "stops-poison-403-another-runs": _from(0, "put", _403),
    "stops-poison-503": _from(0, "put", _503),
    "output-403": lambda replay, asked, queue: _403 if (asked, queue) == ("put", "$q-b") else None,
    "update-after-failure-403": _from(0, "update", _403),
    "stops-release-503-for-60s": _from(0, "update", _503),
    "fails-visibility-8-days": _from(0, "update", failure(400, "OutOfRangeQueryParameterValue")),
    "renewals-503": _from(0, "update", _503, 480),
    "delete-fails-403": _from(0, "delete", _403),
    "delete-fails-503": _from(0, "delete", _503, 20),
    "stops-delete-503-for-60s": _from(0, "delete", _503, 60),
    "hang-mid": _from(4, "get", ServiceResponseTimeoutError("no answer"), 604),
    "hang-mid-restored-after-30s": _from(4, "get", ServiceResponseTimeoutError(""), 34),
    "get-answer-makes-no-sense": _from(0.4, "get", DecodeError("no list of messages")),
}
"""What storage answers in a case."""


def played(case: Mapping[str, Any], seed: int = 1) -> list[Event]:
    """Play a case, with the same pauses each time, and return what happened to its messages."""
    state = random.getstate()
    random.seed(seed)
    try:
        return run(Replay(case).play())
    finally:
        random.setstate(state)
