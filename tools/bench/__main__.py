"""`python -m tools.bench`: starts the stack, measures it, prints a table of figures.

The exit code is 0 even if a target is missed, since how fast a machine is decides too; the table
says MISSED.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import ClientError

from localdev.commands.overrides import add_settings_argument
from localdev.repository import ROOT
from localdev.stack.endpoints import Access, access_to
from localdev.stack.part import Options, Profile
from localdev.stack.stack import NoSpaceError, ProcessError, Stack
from localdev.terminal.command_scope import directory, failure, interrupt, signals_call
from localdev.terminal.console import notes, output
from tools.bench import (
    announced,
    baselines,
    channel,
    gateway,
    jobs,
    latency,
    loop,
    page,
    slow_targets,
    stored_jobs,
    throughput,
    workspace,
)
from tools.bench.jobs import UnexpectedResponseError
from tools.bench.throughput import Burst
from tools.bench.transactions import Transactions
from tools.figures import Figure, columns, table
from tools.lighthouse import LighthouseError
from tools.package.build import build
from tools.package.cold_start import cold_start
from tools.package.requirements import RequirementError


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Number of repetitions of each measurement."""

    starts: int
    """Of the deployment package."""
    simulations: int
    jobs: int
    idle_jobs: int
    """Each after a pause."""
    burst: int
    queue: int
    """Jobs in the emulator's queue at once."""
    requests: int
    """For one of its jobs."""
    polls: int
    """Through the gateway."""
    loops: int
    """Of 25 steps each."""
    beside: int
    """Jobs while another caller's target is in trouble, and without that, twice."""
    stored: int
    """Jobs that are there when the way to a result is measured again."""
    waiting: int
    """Jobs at a device with a queue of days."""


FULL = Repetitions(
    starts=7,
    simulations=50,
    jobs=50,
    idle_jobs=12,
    burst=300,
    queue=1000,
    requests=3000,
    polls=1000,
    loops=8,
    beside=60,
    stored=3000,
    waiting=100,
)
QUICK = Repetitions(
    starts=3,
    simulations=10,
    jobs=8,
    idle_jobs=3,
    burst=40,
    queue=100,
    requests=300,
    polls=100,
    loops=3,
    beside=15,
    stored=300,
    waiting=20,
)


def measure(how: Repetitions, settings: Mapping[str, str]) -> tuple[list[Figure], Burst]:
    """Measure everything; return the figures and the storage transactions of the burst."""
    say = notes().print
    say("starting the deployment package")
    figures = cold_start(build(ROOT).archive, how.starts)
    say("simulating without the stack")
    aer = baselines.simulation(how.simulations)
    with directory(None) as state, Stack(_options(state, settings, Profile.DIRECT)) as stack:
        access = access_to(stack.facts)
        say("submitting jobs one at a time")
        figures += asyncio.run(latency.measure(access, how.jobs, how.idle_jobs, aer))
        say(f"submitting {how.burst} jobs at once")
        transactions = Transactions(stack.log("storage"))
        burst = asyncio.run(throughput.measure(access, transactions, how.burst))
        say(f"storing {how.stored} jobs and submitting once more")
        figures += asyncio.run(_with_many_stored(stack, access, how, figures))
        # Late: from then on this caller listens, which costs its jobs two transactions more.
        say("listening to jobs")
        figures += asyncio.run(channel.measure(stack.facts, how.jobs))
        # The last: from then on the workspace is days ahead.
        say(f"letting {how.waiting} jobs wait for days")
        figures += asyncio.run(announced.measure(stack.facts, how.waiting))
        stack.check()
    say("running loops")
    with directory(None) as state:
        options = replace(_options(state, settings, Profile.DIRECT), app=loop.app(state))
        with Stack(options) as stack:
            single = baselines.simulation(how.simulations, qubits=1)
            figures += asyncio.run(loop.measure(access_to(stack.facts), how.loops, single))
            stack.check()
    say("calling through the gateway")
    with directory(None) as state:
        figures += _behind_the_gateway(state, how, settings)
    say(f"running {how.queue} jobs on the emulator of the workspace alone")
    with directory(None) as state:
        emulator = workspace.measure(state, how.queue, how.requests, how.simulations)
    say("replaying the burst's storage transactions without the stack")
    figures += burst.figures(baselines.storage(burst.per_job(), how.burst), aer)
    return figures + emulator, burst


def _behind_the_gateway(state: Path, how: Repetitions, settings: Mapping[str, str]) -> list[Figure]:
    options = replace(_options(state, settings, Profile.KEYS), page=page.built_page())
    say = notes().print
    with Stack(options) as stack:
        figures = asyncio.run(gateway.measure(stack.facts, how.polls))
        say("submitting jobs while another caller's target is in trouble")
        figures += asyncio.run(slow_targets.measure(stack.facts, how.beside))
        if options.page:
            say("loading the page")
            figures += page.measure(stack.facts["page"]["url"], state)
        else:
            say("the page is not measured: that takes Chromium, `make setup` and `make web`")
        stack.check()
    return figures


async def _with_many_stored(
    stack: Stack, access: Access, how: Repetitions, fresh: Sequence[Figure]
) -> list[Figure]:
    async with jobs.connect(access) as client:
        finished = json.loads((await jobs.submit(client, wait=True)).text)
    connection_string = stack.facts["storage"]["connectionString"]
    await stored_jobs.store_copies(connection_string, finished["id"], how.stored)
    return await latency.measure_again(access, how.jobs, how.stored, fresh)


def _options(state: Path, settings: Mapping[str, str], profile: Profile) -> Options:
    # No limit is measured, so none must be reached.
    limits = ("submits-per-minute", "polls-per-minute", "requests-per-minute-of-address")
    plenty = {name: str(10**9) for name in limits}
    return Options(state, profile=profile, settings=settings, named_values=plenty)


def main() -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, rougher figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    add_settings_argument(parser)
    arguments = parser.parse_args()
    how = QUICK if arguments.quick else FULL
    try:
        with signals_call(interrupt):
            figures, burst = measure(how, dict(arguments.settings))
    except (
        NoSpaceError,
        ProcessError,
        FileNotFoundError,
        RequirementError,
        UnexpectedResponseError,
        LighthouseError,
        TimeoutError,
    ) as error:
        return failure(error)
    except KeyboardInterrupt as error:
        return failure(error)
    except ClientError as error:
        return failure(ConnectionError(f"the functions do not answer: {error!r}"))
    console = output()
    console.print()
    console.print(table(figures))
    console.print()
    transactions = columns("storage transaction", "per job")
    for kind, count in burst.per_job().items():
        transactions.add_row(kind, f"{count:.2f}")
    console.print(transactions)
    if arguments.json:
        content = {
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "figures": [figure.to_json() for figure in figures],
            "transactionsPerJob": burst.per_job(),
        }
        arguments.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
