"""Jobs and sessions to put into a store."""

from __future__ import annotations

from dataclasses import replace

from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.sessions import FailurePolicy, Session
from azure_quantum_emulator.storage import BlobName

DAY = 86_400 * 10**9

_JOB = Job(
    id="j",
    name="ghz",
    provider_id="ionq",
    target="ionq.simulator",
    container="job-j",
    input_blob=BlobName("job-j", "inputData"),
    input_data_format="qir.v1",
    output_data_format="microsoft.quantum-results.v2",
    input_params={"shots": 5},
    metadata={"a": "1"},
    tags=("x",),
    created=DAY,
    modified=DAY,
)


def job(job_id: str, **fields: object) -> Job:
    """Return a job that differs from all others in its id, and in *fields*."""
    return replace(_JOB, id=job_id, **fields)  # type: ignore[arg-type] # any of its fields


def session(session_id: str = "s", **fields: object) -> Session:
    """Return a session."""
    return replace(
        Session(
            id=session_id,
            name=f"session-{session_id}",
            provider_id="ionq",
            target="ionq.simulator",
            policy=FailurePolicy.ABORT,
            created=DAY,
            active=DAY,
        ),
        **fields,  # type: ignore[arg-type] # any of its fields
    )
