"""Storage goes while jobs are in every stage and callers ask for everything; hosts end by it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from tools.soak.outage import measure
from tools.soak.outage_report import Trouble
from tools.soak.prober import OPERATIONS
from tools.soak.run import settings_of


@pytest.mark.timeout(900)
def test_callers_are_told_to_come_again_and_every_job_ends(tmp_path: Path) -> None:
    """Storage refuses first, and is gone afterwards; `make soak ARGS="--outage 240"` takes longer.

    Every request is answered, with 503 where it needs the storage or the host, which ends by each
    outage; and every job that was accepted before, in between or afterwards succeeds.
    """
    progress: list[str] = []
    outages = [(Trouble.FORBIDDEN, 3.0), (Trouble.STOPPED, 3.0)]

    after = measure(outages, tmp_path, progress.append, settings_of(), patience=PATIENCE)

    assert list(after.wrong()) == [], "\n".join([*progress, *after.counts()])
    for outage in after.outages:
        assert outage.hosts_ended >= 1
        refused = Counter(
            response.operation for response in after.during(outage) if response.refused
        )
        assert refused.keys() >= {"list", "status", "status, waiting", "result", "cancel", "submit"}
        # While no host runs, those too that need no storage.
        assert "health" in refused
    assert {response.operation for response in after.responses} >= set(OPERATIONS)
    assert after.accepted
