"""Jobs as JSON: what clients send, and what the service answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from localdev.emulator.errors import InvalidRequestError
from localdev.emulator.jobs import Job
from localdev.emulator.lifecycle import Status
from localdev.emulator.storage import BlobName
from localdev.emulator.targets.catalogue import Target, all_targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localdev.emulator.storage import BlobStorage

REQUIRED = ("containerUri", "inputDataFormat", "name", "providerId", "target")


def parse_job(job_id: str, body: object, storage: BlobStorage, now: int) -> Job:
    """Return the job that a client asks for.

    Args:
        job_id: from the path; the body has none
        body: the JSON of the request
        storage: where its blobs must be
        now: time of creation

    Raises:
        InvalidRequestError: the workspace cannot take such a job.

    """
    if not isinstance(body, dict):
        raise _invalid("The request body is not a JSON object.")
    for field in REQUIRED:
        if not isinstance(body.get(field), str) or not body[field]:
            raise _invalid(f"The field {field} is required.")
    target = _target(body)
    container = storage.locate_container(body["containerUri"])
    return Job(
        id=job_id,
        name=body["name"],
        provider_id=target.provider,
        target=target.id,
        container=container,
        input_blob=_input_blob(body, container, storage),
        input_data_format=_one_of(target.input_formats, body, "inputDataFormat"),
        output_data_format=_one_of(target.output_formats, body, "outputDataFormat"),
        input_params=_object(body, "inputParams"),
        metadata=_metadata(body),
        tags=tuple(map(str, body.get("tags") or ())),
        session_id=body.get("sessionId"),
        created=now,
        modified=now,
    )


def job_with_plain_uris(job: Job, storage: BlobStorage) -> dict[str, Any]:
    """Return *job* as creation and lists show it."""
    return _job(
        job,
        storage.uri(job.container),
        storage.uri(job.input_blob.container, job.input_blob.blob),
        storage.uri(job.output_blob.container, job.output_blob.blob),
    )


def job_with_signed_uris(job: Job, storage: BlobStorage) -> dict[str, Any]:
    """Return *job* as a request for this one job shows it: the blobs can be read right away."""
    signed = storage.signed_uri
    source, output = job.input_blob, job.output_blob
    file = f"{job.name}-{job.id}"
    return _job(
        job,
        signed("rl", job.container),
        signed("r", source.container, source.blob, download=f"{file}.input.json"),
        signed("r", output.container, output.blob, download=f"{file}.output.json"),
    )


def _job(job: Job, container_uri: str, input_uri: str, output_uri: str) -> dict[str, Any]:
    error = job.error and {"code": job.error.code, "message": job.error.message}
    cost = job.status is Status.SUCCEEDED and all_targets()[job.target].cost_estimate()
    return {
        "containerUri": container_uri,
        "inputDataUri": input_uri,
        "inputDataFormat": job.input_data_format,
        "inputParams": job.input_params,
        "metadata": job.metadata,
        "sessionId": job.session_id,
        "jobPriority": "Basic",
        "status": job.status,
        "jobType": "QuantumComputing",
        "outputDataFormat": job.output_data_format,
        "outputDataUri": output_uri,
        "beginExecutionTime": milliseconds(job.begun),
        "cancellationTime": milliseconds(job.cancelled),
        "lastModifiedTime": ticks(job.modified),
        "quantumComputingData": {"count": 1} if job.begun else None,
        "errorData": error,
        "isCancelling": job.status is Status.CANCELLATION_REQUESTED,
        "tags": job.tags,
        "name": job.name,
        "id": job.id,
        "providerId": job.provider_id,
        "target": job.target,
        "creationTime": ticks(job.created),
        "endExecutionTime": milliseconds(job.ended),
        "costEstimate": cost or None,
        "itemType": "Job",
    }


def ticks(time: int) -> str:
    """Return a time as the service gives it for its own doings: in ticks of 100 ns."""
    return f"{_seconds(time)}.{time % 10**9 // 100:07d}+00:00"


def milliseconds(time: int | None) -> str | None:
    """Return a time as the service passes it on from a provider."""
    if time is None:
        return None
    return f"{_seconds(time)}.{time % 10**9 // 10**6:03d}Z"


def _seconds(time: int) -> str:
    return datetime.fromtimestamp(time // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _target(body: Mapping[str, Any]) -> Target:
    target = all_targets().get(body["target"])
    if target is None or target.provider != body["providerId"].lower():
        raise _invalid(
            f"The target {body['target']} of the provider {body['providerId']} "
            "is not available in this workspace."
        )
    return target


def _input_blob(body: Mapping[str, Any], container: str, storage: BlobStorage) -> BlobName:
    uri = body.get("inputDataUri")
    if uri is None:
        return BlobName(container, "inputData")
    if not isinstance(uri, str):
        raise _invalid("The field inputDataUri is not a URI.")
    return storage.locate_blob(uri)


def _one_of(known: tuple[str, ...], body: Mapping[str, Any], field: str) -> str:
    value = body.get(field) or known[0]
    if value not in known:
        raise _invalid(
            f"The {field} {value} is not supported by {body['target']}; {' or '.join(known)} is."
        )
    return str(value)


def _object(body: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = body.get(field) or {}
    if not isinstance(value, dict):
        raise _invalid(f"The field {field} is not an object.")
    return value


def _metadata(body: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the metadata as the service keeps it: every value as text."""
    if body.get("metadata") is None:
        return None
    return {name: _text(value) for name, value in _object(body, "metadata").items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError("InvalidJobDefinition", message)
