"""Jobs as JSON: the response bodies of the service."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from azure_quantum_emulator.api import seeds, times
from azure_quantum_emulator.api.seeds import as_given
from azure_quantum_emulator.api.versions import PRIORITY_SINCE
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.storage import BlobStorage


def created(job: Job, storage: BlobStorage, version: date) -> dict[str, Any]:
    """Return *job* as its creation shows it."""
    return _job(job, version, single=True, uris=_plain_uris(job, storage)) | {
        "quantumComputingData": None  # the provider does not have it yet
    }


def listed(job: Job, storage: BlobStorage, version: date) -> dict[str, Any]:
    """Return *job* as lists show it."""

    def shown(job: Job) -> dict[str, Any]:
        return _job(job, version, single=False, uris=_plain_uris(job, storage))

    return as_given(job, seeds.parse_job, shown)


async def single(job: Job, storage: BlobStorage, version: date) -> dict[str, Any]:
    """Return *job* as a request for this one job shows it: the blobs can be read right away."""
    signed = storage.signed_uri
    source, output = job.input_blob, job.output_blob
    file = f"{job.name}-{job.id}"
    uris = {
        "containerUri": await signed("rl", job.container),
        "inputDataUri": await signed(
            "r", source.container, source.blob, download=f"{file}.input.json"
        ),
        "outputDataUri": await signed(
            "r", output.container, output.blob, download=f"{file}.output.json"
        ),
    }

    def shown(job: Job) -> dict[str, Any]:
        return _job(job, version, single=True, uris=uris)

    return as_given(job, seeds.parse_job, shown) | uris


def _plain_uris(job: Job, storage: BlobStorage) -> dict[str, str]:
    return {
        "containerUri": storage.uri(job.container),
        "inputDataUri": storage.uri(job.input_blob.container, job.input_blob.blob),
        "outputDataUri": storage.uri(job.output_blob.container, job.output_blob.blob),
    }


def _job(job: Job, version: date, *, single: bool, uris: dict[str, str]) -> dict[str, Any]:
    ticks = partial(times.ticks, zone="+00:00" if single else "Z")
    told = times.of_provider if single else times.of_provider_in_lists

    def of_provider(time: int | None) -> str | None:
        return None if time is None else told(job.provider_id, time)

    newer = {"priority": job.priority} if version >= PRIORITY_SINCE else {}
    return {
        "containerUri": uris["containerUri"],
        "inputDataUri": uris["inputDataUri"],
        "inputDataFormat": job.input_data_format,
        "inputParams": job.input_params,
        "metadata": job.metadata,
        "sessionId": job.session_id,
        "jobPriority": "Basic",
        "status": job.status,
        "jobType": job.job_type,
        "outputDataFormat": job.output_data_format,
        "outputDataUri": uris["outputDataUri"],
        "beginExecutionTime": of_provider(job.begun),
        "cancellationTime": of_provider(job.cancelled),
        "lastModifiedTime": None if job.modified is None else ticks(job.modified),
        "quantumComputingData": {"count": 1} if job.sent else None,
        "errorData": job.error and {"code": job.error.code, "message": job.error.message},
        "isCancelling": job.status is Status.CANCELLATION_REQUESTED,
        "tags": job.tags,
        "name": job.name,
        "id": job.id,
        "providerId": job.provider_id,
        "target": job.target,
        "creationTime": ticks(job.created),
        "endExecutionTime": of_provider(job.ended),
        "costEstimate": job.cost,
        "itemType": "Job",
        **newer,
    }
