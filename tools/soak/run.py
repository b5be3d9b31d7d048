"""One run: a stack under load and disturbances until everything is over, then the audit."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from azure.core.exceptions import AzureError

from localdev.stack.part import Options
from localdev.stack.stack import Stack
from tools.loop_app import make_app
from tools.soak import callers
from tools.soak.audit import Case, Finding, References, audit
from tools.soak.disturber import Disturber, Done
from tools.soak.journal import Entry, Journal
from tools.soak.links import Links
from tools.soak.parts import SLOW, soak_parts
from tools.soak.schedule import Kind, plan_disturbances
from tools.soak.snapshot import Snapshot
from tools.soak.state import State
from tools.soak.workload import CALLERS, RECIPES, PlannedJob, Wait, plan_jobs

_log = logging.getLogger(__name__)
NAMED_VALUES = dict.fromkeys(
    (
        "polls-per-minute",
        "requests-per-minute-of-address",
        "shots-per-five-minutes",
        "submits-per-minute",
        "waiting-requests",
    ),
    str(10**9),
)
"""Limits of the gateway, which are not what is tested."""
_RECONCILE, _STALLED, _PATIENCE = 3, 15, 3
"""Seconds: so that a run ends within minutes, what got lost is found within seconds."""
_LONGEST_RECONCILE = 30
_PERIOD = 1.0
"""Seconds between two looks whether everything is over."""
_LOOKS = 10
_TELL = 10.0
"""Seconds between two lines that tell how far it is."""
DRAIN = 900.0
_SLOWEST, _LATEST = 3.0, 120.0
"""So many times the planned seconds, and seconds more, after which the faults end in any case."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run."""

    seed: int
    jobs: int
    per_second: float = 6.0
    """Submissions."""
    patience: float = 90.0
    """Seconds after the last fault in which no job ends and no ended one is to be looked at again,
    until the rest counts as stuck."""
    slowness: float = 1.0
    """How much longer a process takes to start than on an idle machine: what disturbs it comes as
    much more rarely, since with hosts that are never up no job meets a fault."""
    drain: float = DRAIN
    """Seconds after the last fault until the rest counts as stuck in any case."""

    @property
    def seconds(self) -> float:
        """Seconds in which jobs are submitted and faults happen, on a machine that keeps up."""
        return self.jobs / self.per_second


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that is over."""

    plan: Plan
    state: State
    journal: Journal
    findings: Sequence[Finding]
    disturbances: Sequence[Done]
    faults: Counter[str]
    """Requests that met a fault, by link and kind."""
    messages: Counter[str]
    """Copies that were sent, and messages that were put back in another order."""
    ends: int
    """Hosts that ended by themselves, of trouble with storage."""
    began: float
    """As of `time.time`."""
    drained: float
    """Seconds from the last fault until everything was over, or nothing went on."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A run that is under way: its plan, its stack, and everything that is done to that."""

    plan: Plan
    snapshot: Snapshot
    disturber: Disturber
    links: Links
    say: Callable[[str], None]


def settings_of(slowness: float = 1.0) -> dict[str, str]:
    """Return the app settings of a run on a machine that is so many times slower.

    There a job that is not lost stands still for as much longer.
    """
    every = min(round(_RECONCILE * slowness), _LONGEST_RECONCILE)
    return {
        "QJOBS_RECONCILE_SCHEDULE": f"*/{every} * * * * *",
        "QJOBS_STALLED_AFTER_SECONDS": f"{_STALLED * slowness:.0f}",
        "QJOBS_PATIENCE_SECONDS": f"{_PATIENCE}",
    }


def run(plan: Plan, directory: Path, say: Callable[[str], None]) -> Outcome:
    """Run everything; *directory* has the logs and the stored data afterwards.

    Raises:
        ProcessError: a part of the stack cannot be started, or not again.

    """
    options = Options(
        directory,
        app=make_app(directory / "app"),
        keep=True,
        settings=settings_of(plan.slowness),
        named_values=NAMED_VALUES,
    )
    say(f"seed {plan.seed}: starting the stack")
    with (
        Links(plan.seed, SLOW) as links,
        Stack(options, lambda chosen: soak_parts(chosen, links)) as stack,
    ):
        snapshot = Snapshot(stack.facts)
        say(f"running {len(RECIPES)} jobs without faults")
        journal = [Entry(job) for job in _references()]
        asyncio.run(_submit(stack, journal))
        references = _contents(snapshot.everything(), journal)
        longest = _SLOWEST * plan.seconds
        schedule = plan_disturbances(plan.seed, plan.seconds, longest, plan.slowness)
        say(f"running {plan.jobs} jobs with faults in {plan.seconds:.0f} s")
        planned = [Entry(job) for job in plan_jobs(plan.seed, plan.jobs, plan.per_second)]
        journal += planned
        began = time.time()
        with Disturber(stack, links, plan.seed, schedule) as disturber:
            links.switch(on=True)
            drained = asyncio.run(_load(_Running(plan, snapshot, disturber, links, say), planned))
            asyncio.run(_check(stack, journal))
            state = _last_state(snapshot)
    case = Case(state, journal, references)
    return Outcome(
        plan,
        state,
        journal,
        audit(case),
        disturber.done,
        links.counts(),
        disturber.messages,
        disturber.ends,
        began,
        drained,
    )


def _last_state(snapshot: Snapshot) -> State:
    """Return the whole state; a message whose delay is just over gets a moment to be taken."""
    for _ in range(_LOOKS):
        state = snapshot.everything()
        if not any(queue.visible for queue in state.queues):
            break
        time.sleep(_PERIOD)
    return state


def _references() -> list[PlannedJob]:
    # A cancellation ends the slow one, as always.
    return [
        PlannedJob(
            f"reference: {recipe.name}",
            CALLERS[0],
            recipe,
            at=0.0,
            wait=Wait.ON_STATUS,
            cancel_after=0.5 if recipe.slow else None,
        )
        for recipe in RECIPES
    ]


def _contents(state: State, journal: Journal) -> References:
    names = {entry.job.label: entry.job.recipe.name for entry in journal}
    return {
        names[record.job.name]: record.content
        for record in state.records.values()
        if record.job.name in names and record.content is not None
    }


async def _submit(stack: Stack, journal: Journal) -> None:
    async with callers.connect(stack.facts) as connected:
        await callers.submit_all(connected, journal)


async def _load(running: _Running, journal: Journal) -> float:
    """Submit and follow all jobs under faults, then without; return the seconds without.

    The faults go on until all submissions were answered and each disturbance has happened.
    """
    disturber, say = running.disturber, running.say
    work = asyncio.create_task(_submit(disturber.stack, journal))
    try:
        started, told = time.monotonic(), 0.0
        while True:
            disturber.check()
            sent = sum(entry.sent for entry in journal)
            if sent == len(journal) and disturber.kinds == set(Kind):
                break
            elapsed = time.monotonic() - started
            if elapsed > _SLOWEST * running.plan.seconds + _LATEST:
                break
            if elapsed - told > _TELL:
                told = elapsed
                say(f"{elapsed:4.0f} s: {sent} of {len(journal)} submissions answered")
            await asyncio.sleep(_PERIOD)
        disturber.calm_down()
        running.links.switch(on=False)
        say(f"{time.monotonic() - started:4.0f} s: the faults are over")
        return await _drain(running, journal)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def _drain(running: _Running, journal: Journal) -> float:
    """Wait until nothing is pending, or nothing goes on; return the seconds it took."""
    plan, started, told = running.plan, time.monotonic(), 0.0
    ended, since, elapsed = -1, 0.0, 0.0
    while elapsed < plan.drain and elapsed - since < plan.patience:
        running.disturber.check()
        pending = sum(not entry.sent for entry in journal)
        try:
            state = await asyncio.to_thread(running.snapshot.overview)
        except (AzureError, httpx.HTTPError) as error:
            _log.warning("The state cannot be read: %s", error)
            state, pending = None, pending + 1
        elapsed = time.monotonic() - started
        if state is not None:
            pending += state.pending
            # A device that was slow to cancel is looked at again the later the longer it was.
            if state.ended != ended or state.looks_ahead(datetime.now(UTC)):
                ended, since = state.ended, elapsed
        if pending == 0:
            break
        if elapsed - told > _TELL:
            told = elapsed
            running.say(f"{elapsed:4.0f} s after the last fault: {pending} things pending")
        await asyncio.sleep(_PERIOD)
    return elapsed


async def _check(stack: Stack, journal: Journal) -> None:
    async with callers.connect(stack.facts) as connected:
        await callers.check_all(connected, journal)
