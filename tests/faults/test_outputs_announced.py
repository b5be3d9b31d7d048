"""Jobs at a device with a queue of days: seen when their output is there, and hardly before."""

from __future__ import annotations

import pytest

from localdev.stack.stack import Stack
from tools.bench import announced

pytestmark = pytest.mark.one_stack
JOBS = 100


async def test_two_looks_do_for_a_queue_of_days(running_stack: Stack) -> None:
    """Each of so many jobs is polled once after it was placed, and once when its output is there.

    They are counted in the traces of the jobs, since another test's job may be looked at meanwhile.
    The next look without an announcement would be days later. How late the jobs end is a figure of
    the benchmark.
    """
    outcome = await announced.run(running_stack.facts, JOBS)

    assert len(outcome.late) == len(outcome.polls) == JOBS
    assert set(outcome.polls) <= {1, 2}
