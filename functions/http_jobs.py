"""Routes of jobs: submit, get, list, cancel, and get the result."""

from __future__ import annotations

from http import HTTPStatus

import azure.functions as func

from functions.caller import owner_of
from functions.endpoint import endpoint
from functions.problems import error_response, failure_response
from functions.rendering import job_document, job_response, json_response, result_url, status_url
from functions.requests import (
    base_url,
    idempotency_key,
    job_filter,
    json_body,
    page_size,
    preferred_wait,
    redirects,
    trace_parent,
)
from qjobs.bootstrap import services
from qjobs.domain import schedule
from qjobs.domain.errors import JobCanceledError, JobNotFinishedError
from qjobs.domain.job import Job, Status

bp = func.Blueprint()


@bp.function_name("submit_job")
@bp.route(route="algorithms/{algorithm}/jobs", methods=["POST"])
@endpoint
async def submit_job(req: func.HttpRequest) -> func.HttpResponse:
    """Accept a job: 202 with the URLs to poll."""
    use, wait = services(), preferred_wait(req)
    accepted = await use.submit(
        owner_of(req),
        req.route_params["algorithm"],
        json_body(req, use.settings.largest_body),
        idempotency_key(req),
        trace_parent(req),
    )
    job = accepted.job
    if accepted.replayed:
        job = await use.find_job(job.owner, job.id, wait) if wait else job
    elif wait:
        job = await use.run_inline(job, wait)
    else:
        await use.enqueue(job)
    headers = _polling_headers(base_url(req), job)
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    if wait:
        headers["Preference-Applied"] = f"wait={wait:.0f}"
    return _response(req, job, HTTPStatus.ACCEPTED, headers)


@bp.function_name("get_job")
@bp.route(route="jobs/{id}", methods=["GET"])
@endpoint
async def get_job(req: func.HttpRequest) -> func.HttpResponse:
    """Return a job: 200, or 303 to its result once it succeeded."""
    follow, wait = redirects(req), preferred_wait(req)
    job = await services().find_job(owner_of(req), req.route_params["id"], wait)
    headers = {"Preference-Applied": f"wait={wait:.0f}"} if wait else {}
    if follow and job.status is Status.SUCCEEDED:
        headers["Location"] = result_url(base_url(req), job)
        return _response(req, job, HTTPStatus.SEE_OTHER, headers)
    return _response(req, job, HTTPStatus.OK, headers)


@bp.function_name("list_jobs")
@bp.route(route="jobs", methods=["GET"])
@endpoint
async def list_jobs(req: func.HttpRequest) -> func.HttpResponse:
    """Return a page of the caller's jobs, newest first."""
    base, size, wanted = base_url(req), page_size(req), job_filter(req)
    page = await services().list_jobs(
        owner_of(req), wanted, size, req.params.get("continuationToken")
    )
    jobs = [job_document(base, job) for job in page.jobs]
    return json_response({"jobs": jobs, "continuationToken": page.continuation})


@bp.function_name("get_result")
@bp.route(route="jobs/{id}/result", methods=["GET"])
@endpoint
async def get_result(req: func.HttpRequest) -> func.HttpResponse:
    """Return a job's result, which never changes; 409 while there is none."""
    found = await services().read_result(owner_of(req), req.route_params["id"])
    if isinstance(found, Job):
        return _without_result(req, found)
    headers = {
        "ETag": f'"{found["id"]}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        # A browser in which another user signs in must not show it again.
        "Vary": "Authorization",
    }
    if headers["ETag"] in req.headers.get("if-none-match", ""):
        return func.HttpResponse(status_code=HTTPStatus.NOT_MODIFIED.value, headers=headers)
    return json_response(found, headers=headers)


@bp.function_name("cancel_job")
@bp.route(route="jobs/{id}", methods=["DELETE"])
@endpoint
async def cancel_job(req: func.HttpRequest) -> func.HttpResponse:
    """Cancel a job: 202 while the provider is asked, 204 if it was canceled already."""
    use = services()
    job = await use.cancel(owner_of(req), req.route_params["id"])
    if job.status is Status.CANCELED:
        return func.HttpResponse(status_code=HTTPStatus.NO_CONTENT.value)
    await use.enqueue(job)
    return _response(req, job, HTTPStatus.ACCEPTED, _polling_headers(base_url(req), job))


def _polling_headers(base: str, job: Job) -> dict[str, str]:
    status = status_url(base, job)
    return {"Location": status, "Operation-Location": f"{status}?redirect=false"}


def _response(
    req: func.HttpRequest, job: Job, status: HTTPStatus, headers: dict[str, str]
) -> func.HttpResponse:
    return job_response(base_url(req), job, status, services().now(), headers)


def _without_result(req: func.HttpRequest, job: Job) -> func.HttpResponse:
    if job.error is not None:
        return failure_response(req, job.error)
    if job.final:
        raise JobCanceledError
    pending = str(schedule.retry_after(services().now(), job.estimated_completion))
    headers = {**_polling_headers(base_url(req), job), "Retry-After": pending}
    return error_response(req, JobNotFinishedError(f"The job is {job.status}."), headers)
