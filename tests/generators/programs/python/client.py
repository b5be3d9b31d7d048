"""Reads one job in each state, and submits three bodies."""

from __future__ import annotations

import json
import sys
from uuid import UUID

from qjobs_client import Client
from qjobs_client.api.jobs import get_job, get_result, list_jobs, submit_ghz_job
from qjobs_client.models import (
    GhzInput,
    GhzInputMethod,
    GhzResult,
    GhzSubmission,
    Problem,
    TargetMode,
    TargetRequest,
)

client = Client(sys.argv[1])
pending, succeeded, failed, canceled = map(UUID, sys.argv[2:])


def ended(identifier: UUID) -> str:
    """Return how a job ended."""
    job = get_job.sync(identifier, client=client)
    return f"{job.status}, {job.error.code}: {job.error.message}"


job = get_job.sync(pending, client=client)
outcome = get_result.sync(job.id, client=client)
absent = "null" if outcome["result"] is None else "there"
done = get_result.sync(succeeded, client=client)
result = GhzResult.from_dict(done["result"])
fidelity = result.fidelity
answer = get_result.sync_detailed(failed, client=client)
problem = answer.parsed
assert isinstance(problem, Problem)
printed = {
    "pending": f"{job.status}, ask again after {job.retry_after} s, result {absent}",
    "succeeded": f"{done.status}, fidelity {fidelity.kind} {fidelity.value} of {result.qubits} "
    f"qubits by {result.method}, {done.counts[0]['111']} of 111",
    "failed": ended(failed),
    "canceled": ended(canceled),
    "problem": f"{answer.status_code} {problem.code} of {problem.job_id}: {problem.message}",
    "listed": " ".join(str(one.status) for one in list_jobs.sync(client=client).value),
}
for submission in (
    GhzSubmission(GhzInput(qubits=3)),
    GhzSubmission(
        GhzInput(method=GhzInputMethod.PARITY), target=TargetRequest(mode=TargetMode.HARDWARE)
    ),
    GhzSubmission(GhzInput(), target=TargetRequest(id="ionq.simulator"), shots=100),
):
    submitted = submit_ghz_job.sync(client=client, body=submission)
    assert submitted.result is None
print(json.dumps(printed))
