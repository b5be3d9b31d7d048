"""Jobs while processes end, connections break and messages double: the bounded `make soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.soak.report import lines
from tools.soak.run import Plan, run
from tools.soak.schedule import Kind

JOBS = 300
SEED = 2026
"""Any other is as good: `make soak ARGS="--seed N"`."""
LONGEST = 400.0
"""Seconds that the rest may take after the last fault, on the slowest machine. A job that has met
many faults in a row may wait for most of five minutes before its next attempt."""


@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_wrong(tmp_path: Path) -> None:
    """After 300 jobs under all faults at once, every rule of the audit is kept."""
    progress: list[str] = []

    plan = Plan(SEED, JOBS, patience=LONGEST, drain=LONGEST)
    outcome = run(plan, tmp_path, progress.append)

    assert outcome.findings == [], "\n".join([*progress, *lines(outcome)])
    assert len(outcome.journal) > JOBS
    assert {done.kind for done in outcome.disturbances} == set(Kind)
    assert {fault.partition(": ")[0] for fault in outcome.faults} == {
        "blobs",
        "queues",
        "workspace",
        "linked storage",
    }
