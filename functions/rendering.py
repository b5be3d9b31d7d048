"""Rendering of jobs, outcomes and lists as JSON responses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import urlencode

import azure.functions as func

from functions.target_documents import choice_document
from qjobs.domain import schedule, times
from qjobs.domain.algorithm import JSONObject, Progress
from qjobs.domain.job import Failure, Job, Status
from qjobs.domain.money import Money
from qjobs.domain.plan import CircuitSize


def job_url(base: str, job: Job) -> str:
    """Return the absolute URL of a job."""
    return f"{base}/jobs/{job.id}"


def result_url(base: str, job: Job) -> str:
    """Return the absolute URL of a job's result."""
    return f"{job_url(base, job)}/result"


def job_document(base: str, job: Job, now: datetime) -> JSONObject:
    """Return the document of a job; its links start with *base*."""
    progress = job.progress or Progress()
    return {
        "id": job.id,
        "algorithm": job.algorithm,
        "status": job.status,
        "name": job.name,
        "tags": list(job.tags),
        "createdAt": times.to_text(job.created_at),
        "submittedAt": times.to_text_or_none(job.submitted_at),
        "startedAt": times.to_text_or_none(job.started_at),
        "updatedAt": times.to_text(job.updated_at),
        "finishedAt": times.to_text_or_none(job.finished_at),
        "expiresAt": times.to_text(job.expires_at),
        "retryAfter": retry_after(job, now),
        "target": choice_document(job.target, job.requested_target),
        "shots": job.shots,
        "progress": {
            "iteration": job.step + 1,
            "iterationsPlanned": progress.steps,
            "value": progress.value,
            "uncertainty": progress.uncertainty,
            "circuitsDone": job.circuits_done,
            "circuitsTotal": job.circuits_total,
        },
        "circuits": size_document(job.size) if job.size else None,
        "expectedStart": times.to_text_or_none(job.expected_start),
        "estimatedCompletion": times.to_text_or_none(job.estimated_completion),
        "waitingSince": times.to_text_or_none(job.waiting_since),
        "cost": {"estimated": _money(job.estimate), "actual": _money(job.cost)},
        "error": _error(job.error) if job.error else None,
        # Where Azure's clients look for the result of an operation that succeeded.
        "resourceLocation": result_url(base, job) if job.status is Status.SUCCEEDED else None,
        "links": {
            "self": job_url(base, job),
            "result": result_url(base, job),
            "algorithm": f"{base}/algorithms/{job.algorithm}",
        },
    }


def outcome_document(base: str, job: Job, result: JSONObject | None, now: datetime) -> JSONObject:
    """Return the document of a job with its result, None before there is one."""
    nothing = {"result": None, "counts": None, "provenance": None}
    return {**job_document(base, job, now), **(result or nothing)}


def retry_after(job: Job, now: datetime) -> int | None:
    """Return the seconds until the next look at a pending job is worth it; None for a final one."""
    if job.final:
        return None
    placed, expected = job.placed_at, job.estimated_completion
    return schedule.retry_after(
        now - placed if placed else None, expected - now if expected else None
    )


def pending_headers(job: Job, now: datetime) -> dict[str, str]:
    """Return Retry-After for a job that is pending."""
    return {} if job.final else {"Retry-After": str(retry_after(job, now))}


def expiry_headers(job: Job) -> dict[str, str]:
    """Return Expires for a final job: from then on it is not answered."""
    return {"Expires": format_datetime(job.expires_at, usegmt=True)} if job.final else {}


def cache_headers(job: Job, now: datetime) -> dict[str, str]:
    """Return how long the gateway's cache may keep a final job (RFC 9213), which it takes off."""
    left = int((job.expires_at - now).total_seconds())
    return {"CDN-Cache-Control": f"max-age={left}"} if job.final else {}


def size_document(size: CircuitSize) -> JSONObject:
    """Return the document of the size of some circuits."""
    return {"qubits": size.qubits, "depth": size.depth, "twoQubitGates": size.two_qubit_gates}


def _money(money: Money | None) -> JSONObject | None:
    return {"amount": money.amount, "currency": money.currency} if money else None


def _error(error: Failure) -> JSONObject:
    """Return an error in the form in which Azure's clients read one."""
    place = f"{error.pointer}: " if error.pointer else ""
    return {
        "code": error.code,
        "message": f"{place}{error.detail}",
        "detail": error.detail,
        "pointer": error.pointer,
    }


def list_document(
    items: Sequence[object],
    address: str = "",
    parameters: dict[str, str] | None = None,
    continuation: str | None = None,
) -> JSONObject:
    """Return a page of a list, with the absolute address of the next page.

    Args:
        items: those of this page
        address: of the list
        parameters: the query that this page was asked for with
        continuation: the token of the next page; None on the last one

    """
    following = {**(parameters or {}), "continuationToken": continuation}
    return {
        "value": items,
        "nextLink": f"{address}?{urlencode(following)}" if continuation else None,
        "continuationToken": continuation,
    }


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
