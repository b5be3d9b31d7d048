"""A thousand jobs at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.testing import running
from localdev.repository import AZURITE
from tools.bench.workspace import CALLERS, program
from tools.bench.workspace_client import connect

JOBS = 1000


async def test_a_thousand_jobs_are_all_done_and_none_twice(tmp_path: Path) -> None:
    """Queued while their target is away, they all run when it is back; outputs are written once."""
    log = tmp_path / "azurite.log"
    with (
        azurite.running(log, program=AZURITE) as storage,
        running(tmp_path, "--quiet", storage=storage) as emulator,
    ):
        async with connect(emulator, CALLERS) as client:
            await client.open_queue(is_open=False)
            ids = await asyncio.gather(*(client.submit(program(1), 1) for _ in range(JOBS)))
            listed = emulator.control.get("/emulator/jobs").json()
            assert [job["status"] for job in listed] == ["Waiting"] * JOBS
            await client.open_queue(is_open=True)
            await asyncio.wait_for(client.all_succeeded(), 200)
        listed = emulator.control.get("/emulator/jobs").json()
        assert {job["id"] for job in listed} == set(ids)
        assert {job["putAttempts"] for job in listed} == {1}
        outputs = [line for line in log.read_text().splitlines() if "/outputData" in line]
        assert len(outputs) == JOBS
        assert all(any(job_id in line for line in outputs) for job_id in ids[::50])
