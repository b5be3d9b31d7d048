"""Throughput of a burst of jobs, and storage transactions per job."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from localdev.stack.endpoints import Access
from tools.bench import jobs
from tools.bench.timing import seconds_of
from tools.bench.transactions import Transactions
from tools.figures import Baseline, Figure, Target

CALLERS = 16  # that submit at the same time
WATCH_PERIOD = 5.0  # seconds between two looks at the list, each of which costs what a job costs
RATE_TARGET = Target(15, at_least=True)
TRANSACTIONS_TARGET = Target(20)


@dataclass(frozen=True, slots=True)
class Burst:
    """Measurement of many jobs that are submitted at once."""

    jobs: int
    seconds: float
    """From the first submit to the end of the last job."""
    submitting: float
    """Seconds from the first submit to the response to the last."""
    transactions: Counter[str]
    """Of all jobs, by kind; the little that watching costs is among them."""

    def per_job(self) -> dict[str, float]:
        """Return the transactions of one job, the most frequent kind first."""
        return {kind: count / self.jobs for kind, count in self.transactions.most_common()}

    def figures(self, storage: float, aer: float) -> list[Figure]:
        """Compare with what the parts could do.

        Args:
            storage: jobs per second that Azurite could serve
            aer: milliseconds that one bare simulation takes

        """
        if storage < 1000 / aer:
            ceiling = Baseline(storage, "Azurite alone")
        else:
            ceiling = Baseline(1000 / aer, "bare Aer")
        total = sum(self.transactions.values()) / self.jobs
        return [
            Figure(
                f"jobs, burst of {self.jobs}",
                self.jobs / self.seconds,
                "/s",
                ceiling,
                RATE_TARGET,
            ),
            Figure("submits in the burst", self.jobs / self.submitting, "/s"),
            Figure("transactions per job", total, "", None, TRANSACTIONS_TARGET),
        ]


async def measure(access: Access, transactions: Transactions, count: int) -> Burst:
    """Submit *count* jobs as fast as they are taken and wait until all have succeeded."""
    tag = f"burst-{time.time_ns()}"
    before = transactions.snapshot()
    started = time.time()
    async with jobs.connect(access, CALLERS) as client:
        submits = [lambda: jobs.submit(client, tag=tag)] * count
        submitting = await seconds_of(submits, CALLERS)
        ended = await jobs.all_finished(client, tag, count, WATCH_PERIOD)
    return Burst(count, ended - started, submitting, transactions.since(before))
