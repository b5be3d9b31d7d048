"""Jobs at a device with a queue of days: seen when their output is there, and hardly before."""

from __future__ import annotations

import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import counted
from tools.bench import announced

pytestmark = pytest.mark.one_stack
JOBS = 100


async def test_two_looks_do_for_a_queue_of_days(running_stack: Stack) -> None:
    """Each of so many jobs is polled once after it was placed, and once when its output is there.

    The next look without an announcement would be days later. How late the jobs end is a figure of
    the benchmark.
    """
    async with counted(running_stack, "jobs.get") as requests:
        outcome = await announced.run(running_stack.facts, JOBS)

        assert await requests() <= 2 * JOBS
    assert len(outcome.late) == len(outcome.polls) == JOBS
    assert set(outcome.polls) <= {1, 2}
