"""Error rendering: every error as a problem document (RFC 9457), its HTTP status from one table."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

import azure.functions as func

from functions.requests import public_path
from qjobs.domain import errors
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.job import Failure

_log = logging.getLogger(__name__)

STATUS: dict[type[errors.QJobsError], HTTPStatus] = {
    errors.QJobsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.RequestError: HTTPStatus.BAD_REQUEST,
    errors.MalformedBodyError: HTTPStatus.BAD_REQUEST,
    errors.InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.LengthRequiredError: HTTPStatus.LENGTH_REQUIRED,
    errors.BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.UnsupportedEncodingError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.InvalidParameterError: HTTPStatus.BAD_REQUEST,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.ForbiddenError: HTTPStatus.FORBIDDEN,
    errors.UnknownAlgorithmError: HTTPStatus.NOT_FOUND,
    errors.UnknownJobError: HTTPStatus.NOT_FOUND,
    errors.JobExpiredError: HTTPStatus.GONE,
    errors.UnknownWebhookError: HTTPStatus.NOT_FOUND,
    errors.UnknownDeliveryError: HTTPStatus.NOT_FOUND,
    errors.TooManyWebhooksError: HTTPStatus.CONFLICT,
    errors.WebhookNotActiveError: HTTPStatus.CONFLICT,
    errors.NoSuitableTargetError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IdempotencyConflictError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.JobCanceledError: HTTPStatus.CONFLICT,
    errors.JobFinishedError: HTTPStatus.CONFLICT,
    errors.InputRejectedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.OptionsRejectedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BudgetExceededError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SpendingLimitError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TransientError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.PermanentError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ProviderRejectedError: HTTPStatus.BAD_GATEWAY,
    errors.ProviderGaveUpError: HTTPStatus.GATEWAY_TIMEOUT,
    errors.DeadlineExceededError: HTTPStatus.CONFLICT,
}
"""The status of an error is that of its nearest ancestor here."""

_STATUS_OF_FAILURE = {
    error.code: status
    for error, status in STATUS.items()
    if status < HTTPStatus.INTERNAL_SERVER_ERROR
}
"""A job's failure is final, so its response must not be one that clients retry: never a 5xx."""
_RETRY_AFTER = 5
"""Seconds, when nobody has said how long something transient lasts."""
_LONGEST_RETRY_AFTER = 300
"""Seconds, whatever a service behind this one has asked for."""


def failure_response(
    req: func.HttpRequest, failure: Failure, job_id: str, headers: dict[str, str]
) -> func.HttpResponse:
    """Return the response that shows the failure or the cancellation of a job."""
    status = _STATUS_OF_FAILURE.get(failure.code, HTTPStatus.FAILED_DEPENDENCY)
    document = _document(req, status, failure.code, failure.title, failure.detail)
    document["jobId"] = job_id
    if failure.pointer is not None:
        document["message"] = f"{failure.pointer}: {failure.detail}"
        document["violations"] = [{"pointer": failure.pointer, "detail": failure.detail}]
    return _response(document, headers)


def status_of(error: errors.QJobsError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    return next(STATUS[ancestor] for ancestor in type(error).__mro__ if ancestor in STATUS)


def error_response(req: func.HttpRequest, error: Exception) -> func.HttpResponse:
    """Return the response for an error; details of an unexpected one are for the log alone."""
    if not isinstance(error, errors.QJobsError):
        _log.error("Unexpected error.", exc_info=error, extra={"action": "request_failed"})
        error = errors.QJobsError()
    document = _document(req, status_of(error), error.code, error.title(), error.detail)
    headers = {}
    if isinstance(error, errors.RequestError) and error.job_id is not None:
        document["jobId"] = error.job_id
    if isinstance(error, errors.RequestError) and error.violations:
        document["message"] = error.message
        document["violations"] = [
            {
                member: value
                for member in ("pointer", "parameter", "detail")
                if (value := getattr(violation, member)) is not None
            }
            for violation in error.violations
        ]
    if isinstance(error, errors.UnsupportedEncodingError):
        headers["Accept-Encoding"] = "identity"
    if isinstance(error, errors.TransientError):
        seconds = min(error.retry_after or _RETRY_AFTER, _LONGEST_RETRY_AFTER)
        headers["Retry-After"] = str(max(1, round(seconds)))
    if isinstance(error, errors.ForbiddenError):
        headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    return _response(document, headers)


def _document(
    req: func.HttpRequest, status: HTTPStatus, code: str, title: str, detail: str
) -> JSONObject:
    return {
        "type": f"urn:qjobs:problem:{code}",
        "title": title,
        "status": status.value,
        "detail": detail,
        "instance": public_path(req),
        "code": code,
        # Where Azure's clients look for a sentence to show.
        "message": detail,
    }


def _response(document: JSONObject, headers: dict[str, str]) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(document),
        status_code=document["status"],
        headers={"Cache-Control": "no-store", **headers},
        mimetype="application/problem+json",
    )
