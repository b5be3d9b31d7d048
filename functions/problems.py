"""Errors as problem documents (RFC 9457): one table, applied in one place."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import azure.functions as func

from functions.caller import check_sender
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
    errors.BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.InvalidParameterError: HTTPStatus.BAD_REQUEST,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.UnknownAlgorithmError: HTTPStatus.NOT_FOUND,
    errors.UnknownJobError: HTTPStatus.NOT_FOUND,
    errors.NoSuitableTargetError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IdempotencyConflictError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.JobNotFinishedError: HTTPStatus.CONFLICT,
    errors.JobCanceledError: HTTPStatus.CONFLICT,
    errors.JobFinishedError: HTTPStatus.CONFLICT,
    errors.InputRejectedError: HTTPStatus.UNPROCESSABLE_ENTITY,
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
"""A job's failure is final, so its answer must not be one that clients repeat: never a 5xx."""
_RETRY_AFTER = 5
"""Seconds, when nobody has said how long something transient lasts."""

type Handler = Callable[..., Awaitable[func.HttpResponse]]


def problems_answered(handler: Handler) -> Handler:
    """Let *handler* answer those who may ask; answer an error with its problem document."""

    @functools.wraps(handler)
    async def answered(req: func.HttpRequest, **bindings: Any) -> func.HttpResponse:  # noqa: ANN401 - bindings differ
        try:
            check_sender(req)
            return await handler(req, **bindings)
        except errors.QJobsError as error:
            return error_answer(req, error)
        except Exception:  # noqa: BLE001 - a caller never sees a bare 500
            # The caller gets a problem without detail; the detail is for the log.
            _log.exception("Unexpected error.", extra={"action": "request_failed"})
            return error_answer(req, errors.QJobsError("Something unexpected went wrong."))

    return answered


def failure_answer(req: func.HttpRequest, failure: Failure) -> func.HttpResponse:
    """Return the answer for a job's own failure."""
    status = _STATUS_OF_FAILURE.get(failure.code, HTTPStatus.FAILED_DEPENDENCY)
    document = _document(req, status, failure.code, failure.title, failure.detail)
    if failure.pointer is not None:
        document["errors"] = [{"pointer": failure.pointer, "detail": failure.detail}]
    return _response(document, {})


def status_of(error: errors.QJobsError) -> HTTPStatus:
    """Return the status an error is answered with."""
    return next(STATUS[ancestor] for ancestor in type(error).__mro__ if ancestor in STATUS)


def error_answer(
    req: func.HttpRequest, error: errors.QJobsError, headers: dict[str, str] | None = None
) -> func.HttpResponse:
    """Return the answer for an error."""
    document = _document(req, status_of(error), error.code, error.title(), error.detail)
    headers = dict(headers or {})
    if isinstance(error, errors.RequestError) and error.violations:
        document["errors"] = [
            {
                name: value
                for name, value in (
                    ("pointer", fault.pointer),
                    ("parameter", fault.parameter),
                    ("detail", fault.detail),
                )
                if value is not None
            }
            for fault in error.violations
        ]
    if isinstance(error, errors.TransientError):
        headers["Retry-After"] = str(max(1, round(error.retry_after or _RETRY_AFTER)))
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
    }


def _response(document: JSONObject, headers: dict[str, str]) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(document),
        status_code=document["status"],
        headers={"Cache-Control": "no-store", **headers},
        mimetype="application/problem+json",
    )
