"""Outages of storage under load: requests of every operation, and jobs in every stage."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from azure.core.exceptions import AzureError

from localdev.stack.endpoints import workspace_of
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Part
from localdev.stack.parts import Gateway, Identity, Storage
from localdev.stack.stack import Stack
from tools.soak.faults import Fault
from tools.soak.keeper import Keeper
from tools.soak.links import Links
from tools.soak.outage_report import Outage, Outcome, Trouble
from tools.soak.parts import DEVICES, LinkedFunctions, ScriptedWorkspace
from tools.soak.prober import Prober
from tools.soak.run import NAMED_VALUES
from tools.soak.snapshot import Snapshot
from tools.soak.state import State

_QUICK_DEVICE, _LONG_DEVICE = DEVICES
_SLOW_TARGET = "ionq.simulator"
_HOUR = 3600
_SCENARIO: Mapping[str, Any] = {
    "targets": {
        _QUICK_DEVICE: {"queueDelay": 4, "averageQueueTime": 4},
        _LONG_DEVICE: {"queueDelay": _HOUR, "averageQueueTime": 5},
    },
    "faults": [{"operation": "jobs.create", "target": _SLOW_TARGET, "delay": "3s"}],
}
"""What is at the first device when storage goes ends meanwhile, at the second not."""
_BURST, _EACH = 12, 3
_LONG_WAIT = 30
_PERIOD = 0.1
_MOST_LOOKS = 3000
_AFTERWARDS = 3.0
"""Seconds from the end of a host to the end of the outage: the next one is to meet it too."""


class _Watcher:
    """A thread that keeps the stack running, as the platform does; a context manager."""

    def __init__(self, stack: Stack) -> None:
        self.keeper = Keeper(stack)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stop_storage(self) -> None:
        with self._lock:
            self.keeper.stop("storage")

    def start_storage(self) -> None:
        with self._lock:
            self.keeper.bring_back("storage")

    def _run(self) -> None:
        try:
            while not self._over.wait(_PERIOD):
                with self._lock:
                    self.keeper.watch()
        except Exception as error:  # noqa: BLE001 - the main thread raises it
            self._error = error


@dataclass(frozen=True, slots=True)
class _Running:
    """A stack under load."""

    stack: Stack
    links: Links
    watcher: _Watcher
    prober: Prober
    say: Callable[[str], None]
    waiting: list[asyncio.Task[object]] = field(default_factory=list)

    async def outage(self, trouble: Trouble, seconds: float) -> Outage:
        """Submit jobs that are in every stage when storage goes, and bring it back later.

        That is after so many seconds at least, and when a host has ended, unless none does.
        """
        pending = await self._stage()
        ends = self.watcher.keeper.ends
        async with self._away(trouble):
            began = time.time()
            self.say(f"storage is {trouble} for {seconds:.0f} s")
            await asyncio.sleep(seconds)
            await self._until_a_host_has_ended(trouble, ends)
            ended = time.time()
        self._advance()
        self.say(f"storage is back; {pending} waits at a device")
        return Outage(trouble, began, ended, self.watcher.keeper.ends - ends)

    async def _until_a_host_has_ended(self, trouble: Trouble, before: int) -> None:
        if trouble is not Trouble.SILENT:
            for _ in range(_MOST_LOOKS):
                if self.watcher.keeper.ends > before:
                    break
                await asyncio.sleep(_PERIOD)
            await asyncio.sleep(_AFTERWARDS)

    async def _stage(self) -> str:
        """Return a job that is at a device for long; others are there, on their way, or queued."""
        await self.prober.end()
        submit, prefer = self.prober.submit, {"prefer": f"wait={_LONG_WAIT}"}
        ended = await self._accepted(_body())
        while "Retry-After" in await self.prober.ask(
            "long poll", "GET", f"jobs/{ended}", headers=prefer
        ):
            pass
        pending = await self._accepted(_body(_LONG_DEVICE))
        self.prober.begin(_body(), pending, ended)
        await asyncio.gather(*(submit(_body(_QUICK_DEVICE)) for _ in range(_EACH)))
        await asyncio.sleep(1)
        long_polls = [
            submit(_body(_QUICK_DEVICE), _LONG_WAIT),
            self.prober.ask("long poll", "GET", f"jobs/{pending}", headers=prefer),
        ]
        self.waiting.extend(asyncio.create_task(one) for one in long_polls)
        await asyncio.gather(*(submit(_body(_SLOW_TARGET)) for _ in range(_EACH)))
        await asyncio.gather(*(submit(_body()) for _ in range(_BURST)))
        return pending

    async def _accepted(self, body: Mapping[str, Any]) -> str:
        """Submit a job until it is accepted: after an outage that takes a few seconds."""
        for _ in range(_MOST_LOOKS):
            if (job_id := await self.prober.submit(body)) is not None:
                return job_id
            await asyncio.sleep(_PERIOD)
        raise TimeoutError("no job is accepted")

    @contextlib.asynccontextmanager
    async def _away(self, trouble: Trouble) -> AsyncIterator[None]:
        if trouble is Trouble.STOPPED:
            await asyncio.to_thread(self.watcher.stop_storage)
            try:
                yield
            finally:
                await asyncio.to_thread(self.watcher.start_storage)
        else:
            fault = Fault.FORBIDDEN if trouble is Trouble.FORBIDDEN else Fault.SILENCE
            with self.links.outage(fault):
                yield

    def _advance(self) -> None:
        access = workspace_of(self.stack.facts)
        httpx.post(
            f"{access.url}emulator/clock/advance",
            json={"by": _HOUR},
            headers=dict(access.headers),
        ).raise_for_status()

    async def settle(self, patience: float) -> State:
        """Wait until every job has ended, or too long; return what is stored."""
        snapshot, end = Snapshot(self.stack.facts), time.monotonic() + patience
        while time.monotonic() < end:
            with contextlib.suppress(AzureError, httpx.HTTPError):
                state = await asyncio.to_thread(snapshot.overview)
                left = sum(not record.job.final for record in state.records.values())
                self.say(f"{left} of {len(state.records)} jobs have not ended")
                if not left:
                    break
            await asyncio.sleep(1)
        return await asyncio.to_thread(snapshot.everything)


def measure(
    outages: Sequence[tuple[Trouble, float]],
    directory: Path,
    say: Callable[[str], None],
    settings: Mapping[str, str] | None = None,
    patience: float = 600.0,
) -> Outcome:
    """Run a stack under load, with one outage after the other; return what came of it.

    Args:
        outages: with their seconds at least
        directory: has the logs and the stored data afterwards
        say: told how far it is
        settings: app settings, over all others
        patience: seconds after the last outage until jobs count as stuck

    Raises:
        ProcessError: a part of the stack cannot be started, or not again.

    """
    options = Options(directory, keep=True, settings=settings or {}, named_values=NAMED_VALUES)
    with (
        Links(seed=0) as links,
        Stack(options, lambda chosen: _parts(chosen, links)) as stack,
        _Watcher(stack) as watcher,
    ):

        def prepare(prober: Prober) -> _Running:
            return _Running(stack, links, watcher, prober, say)

        return asyncio.run(_measure(outages, prepare, stack.facts, patience))


async def _measure(
    outages: Sequence[tuple[Trouble, float]],
    prepare: Callable[[Prober], _Running],
    facts: StackFacts,
    patience: float,
) -> Outcome:
    async with Prober(facts) as prober:
        running = prepare(prober)
        done = [await running.outage(trouble, seconds) for trouble, seconds in outages]
        await prober.end()
        await asyncio.gather(*running.waiting)
        state = await running.settle(patience)
        responses, accepted = tuple(prober.responses), frozenset(prober.accepted)
    ends = [record.job.finished_at for record in state.records.values()]
    last = max(end.timestamp() for end in ends if end is not None)
    return Outcome(done, responses, accepted, state, last - done[-1].ended)


def _parts(options: Options, links: Links) -> list[Part]:
    return [
        Identity(options),
        Storage(options),
        ScriptedWorkspace(options, _SCENARIO),
        LinkedFunctions(options, links),
        Gateway(options),
    ]


def _body(target: str | None = None) -> dict[str, Any]:
    chosen = {"target": {"id": target}} if target else {}
    return {"input": {"qubits": 3}, "shots": 50, **chosen}
