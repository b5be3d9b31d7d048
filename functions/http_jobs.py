"""Routes of jobs: submit, get, list, cancel, and get the result."""

from __future__ import annotations

from http import HTTPStatus

import azure.functions as func

from functions.caller import lacking_scope, owner_of
from functions.conditional import is_fresh
from functions.endpoint import endpoint
from functions.parameters import QUERY
from functions.problems import failure_response
from functions.rendering import (
    cache_headers,
    expiry_headers,
    job_document,
    job_url,
    json_response,
    list_document,
    outcome_document,
    pending_headers,
    result_url,
)
from functions.requests import (
    base_url,
    idempotency_key,
    job_filter,
    json_body,
    page_size,
    preferred_wait,
    trace_parent,
)
from qjobs.bootstrap import services
from qjobs.domain.job import Job, Status
from qjobs.services.outcome import Outcome
from qjobs.telemetry import Span

bp = func.Blueprint()


@bp.function_name("submit_job")
@bp.route(route="algorithms/{algorithm}/jobs", methods=["POST"])
@endpoint
async def submit_job(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Accept a job: 202 with the URLs to poll, or its outcome if it is over in time."""
    parent = trace_parent(req, context)
    with services().telemetry.span("submit_job", parent=parent) as span:
        return await _submit(req, span)


async def _submit(req: func.HttpRequest, span: Span) -> func.HttpResponse:
    use, base, wait = services(), base_url(req), preferred_wait(req)
    async with use.intake(owner_of(req)):
        accepted = await use.submit(
            owner_of(req),
            req.route_params["algorithm"],
            json_body(req, use.settings.largest_body),
            idempotency_key(req),
            span.trace_parent,
            hardware_needs=lacking_scope(req),
        )
    job = accepted.job
    span.set({"qjobs.job.id": job.id, "qjobs.algorithm.id": job.algorithm})
    if accepted.content is None:
        outcome = await use.read_outcome(job.owner, job.id, wait)
    else:
        outcome = await use.start(accepted.stored, accepted.content, wait)
    headers = _preference_applied(wait)
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    if wait and outcome.job.final:
        headers["Content-Location"] = result_url(base, job)
        return _ended(req, outcome, headers)
    headers["Operation-Location"] = job_url(base, job)
    return _pending(req, outcome, headers)


@bp.function_name("get_job")
@bp.route(route="jobs/{id}", methods=["GET"])
@endpoint
async def get_job(req: func.HttpRequest) -> func.HttpResponse:
    """Return a job, whatever its status."""
    wait = preferred_wait(req)
    job = await services().find_job(owner_of(req), req.route_params["id"], wait)
    headers = _preference_applied(wait) | cache_headers(job, services().now())
    return _job(req, job, HTTPStatus.OK, headers)


@bp.function_name("list_jobs")
@bp.route(route="jobs", methods=["GET"])
@endpoint
async def list_jobs(req: func.HttpRequest) -> func.HttpResponse:
    """Return a page of the caller's jobs, newest first."""
    base, size, wanted, use = base_url(req), page_size(req), job_filter(req), services()
    page = await use.list_jobs(owner_of(req), wanted, size, req.params.get("continuationToken"))
    jobs, now = page.jobs, use.now()
    document = list_document(
        [job_document(base, job, now) for job in jobs],
        f"{base}/jobs",
        # Without what may be a key: this address is passed on and logged.
        {name: text for name, text in req.params.items() if name in QUERY["list_jobs"]},
        page.continuation,
    )
    following = document["nextLink"]
    return json_response(
        document, headers={"Link": f'<{following}>; rel="next"'} if following else {}
    )


@bp.function_name("get_result")
@bp.route(route="jobs/{id}/result", methods=["GET"])
@endpoint
async def get_result(req: func.HttpRequest) -> func.HttpResponse:
    """Return a job with its result, which never changes; 202 while there is none."""
    wait = preferred_wait(req)
    outcome = await services().read_outcome(owner_of(req), req.route_params["id"], wait)
    headers = _preference_applied(wait)
    if not outcome.job.final:
        return _pending(req, outcome, headers)
    if outcome.job.status is Status.SUCCEEDED:
        headers |= {
            "ETag": f'"{outcome.job.id}"',
            # For how long, Expires says: an age would count anew from the gateway's cache.
            "Cache-Control": "private, immutable",
            **expiry_headers(outcome.job),
            **cache_headers(outcome.job, services().now()),
            # A browser in which another user signs in must not show it again.
            "Vary": "Authorization",
        }
        if is_fresh(req, headers["ETag"]):
            return func.HttpResponse(
                status_code=HTTPStatus.NOT_MODIFIED.value,
                headers=headers,
                mimetype="application/json",  # of what the caller has; without it: text/plain
            )
    return _ended(req, outcome, headers)


@bp.function_name("cancel_job")
@bp.route(route="jobs/{id}", methods=["DELETE"])
@endpoint
async def cancel_job(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Cancel a job: 202 while the provider is asked, 200 if it was canceled already."""
    use = services()
    job = await use.cancel(owner_of(req), req.route_params["id"])
    if job.final:
        return _job(req, job, HTTPStatus.OK, {})
    about, caller = {"qjobs.job.id": job.id}, trace_parent(req, context)
    # In the trace of the job, where somebody looks for what happened to it.
    with use.telemetry.span("cancel_job", about, parent=job.trace_parent, link=caller):
        await use.enqueue(job)
    # No Operation-Location: Azure's clients would take the end as canceled for a failure.
    return _job(req, job, HTTPStatus.ACCEPTED, {"Location": job_url(base_url(req), job)})


def _preference_applied(wait: float) -> dict[str, str]:
    return {"Preference-Applied": f"wait={wait:.0f}"} if wait else {}


def _job(
    req: func.HttpRequest, job: Job, status: HTTPStatus, headers: dict[str, str]
) -> func.HttpResponse:
    now = services().now()
    document = job_document(base_url(req), job, now)
    return json_response(
        document, status, {**pending_headers(job, now), **expiry_headers(job), **headers}
    )


def _pending(req: func.HttpRequest, outcome: Outcome, headers: dict[str, str]) -> func.HttpResponse:
    """Return the response while there is no result: the URL to poll for it, and when."""
    base, job, now = base_url(req), outcome.job, services().now()
    headers = {"Location": result_url(base, job), **pending_headers(job, now), **headers}
    document = outcome_document(base, job, outcome.result, now)
    return json_response(document, HTTPStatus.ACCEPTED, headers)


def _ended(req: func.HttpRequest, outcome: Outcome, headers: dict[str, str]) -> func.HttpResponse:
    """Return the response once a job is over: its result, or the problem that it ended with."""
    headers = {**expiry_headers(outcome.job), **headers}
    if outcome.job.error is not None:
        return failure_response(req, outcome.job.error, outcome.job.id, headers)
    base, now = base_url(req), services().now()
    return json_response(outcome_document(base, outcome.job, outcome.result, now), headers=headers)
