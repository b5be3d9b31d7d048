"""Execution of the schedule: ends processes, advances clocks, doubles messages."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Self

import httpx
from azure.core.exceptions import AzureError
from azure.storage.queue import QueueServiceClient

from localdev.stack.endpoints import workspace_of
from localdev.stack.stack import Stack
from tools.soak import messages
from tools.soak.faults import Fault
from tools.soak.keeper import Keeper
from tools.soak.links import Links
from tools.soak.parts import DEVICES, HOSTS
from tools.soak.schedule import RESTARTS, Disturbance, Kind

_log = logging.getLogger(__name__)
_PERIOD = 0.1
"""Seconds between two looks at the stack."""
_HOUR = 3600.0
_ENDED = {
    Kind.KILL_HOST: HOSTS[0],
    Kind.KILL_SECOND_HOST: HOSTS[1],
    Kind.KILL_WORKSPACE: "workspace",
    Kind.RESTART_STORAGE: "storage",
    Kind.RESTART_WORKSPACE: "workspace",
}
"""The part that a disturbance ends."""
_FORBIDDEN = (0.5, 4.0)
"""Seconds: a host that polls its queues ends at once, one with a full batch goes on for a while."""


@dataclass(frozen=True, slots=True)
class Done:
    """A disturbance as it happened."""

    kind: Kind
    began: float
    """As of `time.time`."""
    ended: float


@dataclass
class Disturber:
    """Watches a stack, which only its thread touches, and disturbs it; a context manager."""

    stack: Stack
    links: Links
    seed: int
    schedule: Sequence[Disturbance]
    done: list[Done] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    """Copies that were sent, and messages that were put back in another order."""
    skipped: int = 0
    """Disturbances that met a part which did not answer."""
    _hours: float = 0.0
    """By which the clock of the workspace is ahead, also when it was started again."""
    _quiet: bool = False
    _over: threading.Event = field(default_factory=threading.Event)
    _error: Exception | None = None

    def __post_init__(self) -> None:
        self._keeper = Keeper(self.stack)
        self._thread = threading.Thread(target=self._run, name="disturber", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def kinds(self) -> set[Kind]:
        """The kinds of disturbance that have happened."""
        return {one.kind for one in self.done}

    @property
    def ends(self) -> int:
        """Number of times that a host ended by itself, of trouble with storage."""
        return self._keeper.ends

    def calm_down(self) -> None:
        """Do nothing from now on but watch the stack."""
        self._quiet = True

    def check(self) -> None:
        """Raise the error that has ended the stack.

        Raises:
            ProcessError: a part cannot be brought back.

        """
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        left, elapsed = list(self.schedule), 0.0
        try:
            while not self._over.wait(_PERIOD):
                # The time that a part takes to start is none of the schedule's: on a slow machine
                # one disturbance would follow the other, with nothing up in between.
                elapsed += _PERIOD
                self._watch()
                if not self._quiet and left and left[0].at <= elapsed:
                    self._disturb(left.pop(0))
        except Exception as error:  # noqa: BLE001 - the main thread asks for it
            self._error = error

    def _watch(self) -> None:
        if self._keeper.watch() == "workspace":
            self._bring_back("workspace")

    def _bring_back(self, name: str) -> None:
        self._keeper.bring_back(name)
        if name == "workspace" and self._hours:
            self._advance(self._hours)

    def _disturb(self, what: Disturbance) -> None:
        random = Random(f"{self.seed}/{what.kind}/{what.number}")  # noqa: S311 - to repeat itself
        began = time.time()
        try:
            self._act(what, random)
        except (AzureError, httpx.HTTPError) as error:
            if what.kind in RESTARTS:
                raise
            self.skipped += 1
            _log.warning("%s: %s", what.kind, error)
            return
        self.done.append(Done(what.kind, began, time.time()))

    def _act(self, what: Disturbance, random: Random) -> None:
        match what.kind:
            case Kind.KILL_HOST | Kind.KILL_SECOND_HOST | Kind.KILL_WORKSPACE:
                self._bring_back(_ENDED[what.kind])
            case Kind.RESTART_STORAGE | Kind.RESTART_WORKSPACE:
                self._keeper.stop(_ENDED[what.kind])
                self._bring_back(_ENDED[what.kind])
            case Kind.FORBID_STORAGE:
                self._forbid(random.uniform(*_FORBIDDEN))
            case Kind.ADVANCE_CLOCK:
                hours = random.uniform(1, 5)
                self._hours += hours
                self._advance(hours)
            case Kind.SHIFT_QUEUES:
                first = what.number % len(DEVICES)
                times = {
                    device: {"averageQueueTime": 2 if number == first else 4}
                    for number, device in enumerate(DEVICES)
                }
                self._workspace("PATCH", "settings", {"targets": times})
            case Kind.DOUBLE_MESSAGES:
                self.messages["copies of messages"] += messages.double(self._queues(), random)
            case Kind.REORDER_MESSAGES:
                self.messages["messages put back"] += messages.reorder(self._queues(), random)

    def _forbid(self, seconds: float) -> None:
        """Refuse the hosts everything, as if their role was taken away; start them again."""
        with self.links.outage(Fault.FORBIDDEN):
            time.sleep(seconds)
        self._watch()

    def _advance(self, hours: float) -> None:
        self._workspace("POST", "clock/advance", {"by": hours * _HOUR})

    def _workspace(self, method: str, path: str, body: object) -> None:
        access = workspace_of(self.stack.facts)
        httpx.request(
            method, f"{access.url}emulator/{path}", json=body, headers=dict(access.headers)
        ).raise_for_status()

    def _queues(self) -> QueueServiceClient:
        connection = self.stack.facts["storage"]["connectionString"]
        return QueueServiceClient.from_connection_string(connection, retry_total=0)
