"""Rendering of jobs as JSON responses."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus

import azure.functions as func

from qjobs.domain import schedule, times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.job import Job


def status_url(base: str, job: Job) -> str:
    """Return the absolute URL of a job's status."""
    return f"{base}/jobs/{job.id}"


def result_url(base: str, job: Job) -> str:
    """Return the absolute URL of a job's result."""
    return f"{status_url(base, job)}/result"


def job_document(base: str, job: Job) -> JSONObject:
    """Return the document of a job; its links start with *base*."""
    target, requested = job.target, job.requested_target
    return {
        "id": job.id,
        "algorithm": job.algorithm,
        "status": job.status,
        "name": job.name,
        "tags": list(job.tags),
        "createdAt": times.to_text(job.created_at),
        "updatedAt": times.to_text(job.updated_at),
        "finishedAt": times.to_text_or_none(job.finished_at),
        "expiresAt": times.to_text(job.expires_at),
        "target": {
            "id": target.id,
            "provider": target.provider,
            "mode": target.mode,
            "reason": target.reason,
        }
        if target
        else {"id": requested.id, "provider": None, "mode": requested.mode, "reason": None},
        "shots": job.shots,
        "progress": {
            "iteration": job.step + 1,
            "circuitsDone": job.circuits_done,
            "circuitsTotal": job.circuits_total,
        },
        "estimatedCompletion": times.to_text_or_none(job.estimated_completion),
        # The names are those that Azure clients look for.
        "error": {
            "code": job.error.code,
            "message": job.error.detail,
            "target": job.error.pointer,
        }
        if job.error
        else None,
        "links": {
            "self": status_url(base, job),
            "result": result_url(base, job),
            "algorithm": f"{base}/algorithms/{job.algorithm}",
        },
    }


def job_response(
    base: str, job: Job, status: HTTPStatus, now: datetime, headers: dict[str, str] | None = None
) -> func.HttpResponse:
    """Return a response with the job, and with Retry-After unless it is final."""
    retry_after = str(schedule.retry_after(now, job.estimated_completion))
    pending = {} if job.final else {"Retry-After": retry_after}
    return json_response(job_document(base, job), status, {**pending, **(headers or {})})


def json_response(
    document: object, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> func.HttpResponse:
    """Return a JSON response that no cache keeps unless *headers* say so."""
    return func.HttpResponse(
        json.dumps(document),
        status_code=status.value,
        headers={"Cache-Control": "no-store", **(headers or {})},
        mimetype="application/json",
    )
