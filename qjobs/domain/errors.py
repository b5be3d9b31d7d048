"""The errors of the engine, in three families by the action that follows.

The first line of a class's docstring is its title, the paragraph after it the default detail: what
the caller can do. `code` is part of the HTTP contract and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Self

from qjobs.domain.provider_error_kind import ProviderErrorKind

MOST_COUNTED = 1000
"""Violations that are looked for: a megabyte of mistakes must not cost seconds."""
_MOST_LISTED = 20
"""Violations that a caller is shown."""
_MOST_NAMED = 20
"""Names in a list that a caller is shown."""
_LONGEST_DETAIL = 300
_LONGEST_NAME = 200


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence, whole ones only: beyond 20 it says how many more."""
    every = list(names)
    text = ", ".join(every[:_MOST_NAMED]) or "none"
    return f"{text} and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else text


def excerpt(text: str, most: int) -> str:
    """Return *text*, or its beginning and an ellipsis if it has more than *most* characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a request breaks."""

    detail: str
    """What is wrong and what would be right."""
    pointer: str | None = None
    """RFC 6901 JSON Pointer into the body; the empty string is the whole body."""
    parameter: str | None = None
    """Name of the path or query parameter or header, when it is not in the body."""

    @property
    def sentence(self) -> str:
        """The place, if there is one, and what is wrong there."""
        place = self.parameter or self.pointer
        return f"{place}: {self.detail}" if place else self.detail

    def shortened(self) -> Violation:
        """Return the violation with texts that are short enough for a response."""
        pointer, parameter = self.pointer, self.parameter
        return Violation(
            excerpt(self.detail, _LONGEST_DETAIL),
            pointer and excerpt(pointer, _LONGEST_NAME),
            parameter and excerpt(parameter, _LONGEST_NAME),
        )


class QJobsError(Exception):
    """Something went wrong.

    The reason is in the log of the service; the request may be sent again.
    """

    code: ClassVar[str] = "internal-error"

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.remedy()
        super().__init__(self.detail)

    @classmethod
    def title(cls) -> str:
        """Return the title of the error, the same for every occurrence."""
        return (cls.__doc__ or cls.__name__).partition("\n")[0].rstrip(".")

    @classmethod
    def remedy(cls) -> str:
        """Return the default detail of the error."""
        return " ".join((cls.__doc__ or "").partition("\n")[2].split()) or f"{cls.title()}."


class FunctionsNotRunningError(QJobsError):
    """A function of the service does not run."""

    code = "functions-not-running"


class RequestError(QJobsError):
    """The request cannot be served as it is.

    Change it as `violations` says.
    """

    code = "bad-request"
    job_id: str | None = None
    """Id of the job that it is about, if there is one."""

    def __init__(self, detail: str | None = None, violations: Iterable[Violation] = ()) -> None:
        found = list(islice(violations, MOST_COUNTED + 1))
        self.violations = tuple(one.shortened() for one in found[:_MOST_LISTED])
        """The first of them; if there are more, the detail says how many."""
        if detail is None and len(found) > _MOST_LISTED:
            every = len(found) if len(found) <= MOST_COUNTED else f"more than {MOST_COUNTED}"
            detail = f"{_MOST_LISTED} of {every} violations are listed."
        super().__init__(detail)

    @property
    def message(self) -> str:
        """The first violation and what else the detail says, for who is shown a sentence alone."""
        if not self.violations:
            return self.detail
        first = self.violations[0]
        if first.detail in self.detail:
            return self.detail
        rest = "" if self.detail == self.remedy() else f" {self.detail}"
        return f"{first.sentence}{rest}"

    @classmethod
    def of(cls, detail: str, *, pointer: str | None = None, parameter: str | None = None) -> Self:
        """Return the error for one violation."""
        return cls(violations=[Violation(detail, pointer, parameter)])


class TransientError(QJobsError):
    """The same attempt may succeed later.

    Send the same request again after `Retry-After`.
    """

    code = "temporarily-unavailable"

    def __init__(self, detail: str | None = None, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        """Seconds the other side asked to wait, if it did."""
        super().__init__(detail)


class PermanentError(QJobsError):
    """The job cannot succeed, however often it is tried.

    Another job may.
    """

    code = "job-failed"


# RequestError: the caller changes the request.


class MalformedBodyError(RequestError):
    """The body cannot be read as a JSON object.

    Send an object with the member `input`.
    """

    code = "malformed-body"

    def __init__(self, detail: str | None = None, violations: Iterable[Violation] = ()) -> None:
        super().__init__(detail, violations)
        if detail is None and self.violations:
            # Its own words would be untrue of an object that is only not read.
            self.detail = self.message


class InvalidInputError(RequestError):
    """The request has members that are missing, unknown or out of range.

    Change the members that `violations` names.
    """

    code = "invalid-request"


class LengthRequiredError(RequestError):
    """The length of the body is not known.

    Send the header Content-Length, or call the gateway.
    """

    code = "length-required"


class BodyTooLargeError(RequestError):
    """The body is larger than allowed.

    Send less, or ask for a higher limit.
    """

    code = "body-too-large"


class UnsupportedMediaTypeError(RequestError):
    """The body must be sent as application/json.

    Send the header Content-Type: application/json.
    """

    code = "unsupported-media-type"


class UnsupportedEncodingError(RequestError):
    """The body must be sent without a content encoding.

    Send the body as it is, without the header Content-Encoding.
    """

    code = "unsupported-content-encoding"


class InvalidParameterError(RequestError):
    """A path or query parameter or a header is not valid.

    Change what `violations` names, or leave it out.
    """

    code = "invalid-parameter"


class UnauthenticatedError(RequestError):
    """The sender of the request is not authenticated.

    Call the gateway, with an access token.
    """

    code = "unauthenticated"


class ForbiddenError(RequestError):
    """The access token does not allow this.

    Ask for a token with the scope or the app role that is missing.
    """

    code = "forbidden"


class UnknownAlgorithmError(RequestError):
    """There is no such algorithm.

    GET /algorithms lists those that there are.
    """

    code = "unknown-algorithm"


class UnknownJobError(RequestError):
    """There is no such job.

    It has expired, or was never one of this caller; GET /jobs lists those that are.
    """

    code = "unknown-job"


class JobExpiredError(RequestError):
    """The job has expired, and its result is no longer answered.

    Submit it again if the result is wanted; `expiresAt` of a job says how long there is time.
    """

    code = "job-expired"

    def __init__(self, detail: str | None = None, job_id: str | None = None) -> None:
        super().__init__(detail)
        self.job_id = job_id


class NoSuitableTargetError(RequestError):
    """No target fits the requirements of the job.

    GET /targets lists those that there are.
    """

    code = "no-suitable-target"


class IdempotencyConflictError(RequestError):
    """The Idempotency-Key was used with another request.

    Send each new request with a new key.
    """

    code = "idempotency-conflict"

    def __init__(self, detail: str | None = None, job_id: str | None = None) -> None:
        super().__init__(detail)
        self.job_id = job_id
        """Of the job that the first request with the key made."""


class UnknownWebhookError(RequestError):
    """There is no such webhook.

    It was deleted, or was never one of this caller; GET /webhooks lists those that are.
    """

    code = "unknown-webhook"


class UnknownDeliveryError(RequestError):
    """There is no such delivery.

    It has expired, or was never one of this webhook; GET /webhooks/{id}/deliveries lists them.
    """

    code = "unknown-delivery"


class TooManyWebhooksError(RequestError):
    """There are as many webhooks as a caller can have.

    Delete one of them first.
    """

    code = "too-many-webhooks"


class WebhookNotActiveError(RequestError):
    """The webhook is not active, so that no event is sent to it.

    Send a ping: the webhook is active as soon as its receiver accepts it.
    """

    code = "webhook-not-active"


class JobCanceledError(RequestError):
    """The job was canceled and has no result.

    Submit it again if the result is wanted.
    """

    code = "job-canceled"


class JobFinishedError(RequestError):
    """The job is finished and cannot be canceled.

    GET /jobs/{id}/result answers with its result until it expires.
    """

    code = "job-finished"

    def __init__(self, detail: str | None = None, job_id: str | None = None) -> None:
        super().__init__(detail)
        self.job_id = job_id


class InputRejectedError(RequestError):
    """The algorithm cannot compute this input.

    Change the input as the algorithm's description says.
    """

    code = "input-rejected"


class OptionsRejectedError(RequestError):
    """The target cannot take the options.

    Change what the detail names, or name another target.
    """

    code = "options-rejected"


class BudgetExceededError(RequestError):
    """The job would take more than its budget allows.

    Raise its `budget`, or ask for less.
    """

    code = "budget-exceeded"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, [Violation(detail, pointer="/budget")] if detail else ())


class SpendingLimitError(RequestError):
    """The job would take its caller beyond a limit of spending.

    Submit it on another day, or ask for less; whoever runs the service sets the limit.
    """

    code = "spending-limit"


class StepWithdrawnError(Exception):
    """The step of a job must not be placed any more, since the job has ended or is about to."""


# TransientError: try again later.


class ProviderUnavailableError(TransientError):
    """The quantum provider does not answer.

    The request may be sent again after `Retry-After`.
    """

    code = "provider-unavailable"

    def __init__(
        self,
        detail: str | None = None,
        retry_after: float | None = None,
        *,
        called: bool = True,
        kind: ProviderErrorKind = ProviderErrorKind.NO_RESPONSE,
    ) -> None:
        super().__init__(detail, retry_after)
        self.called = called
        """Whether the provider was called at all: others may have found that it does not answer."""
        self.kind = kind if called else ProviderErrorKind.NOT_CALLED
        """What went wrong, for whom it tells something."""


class UnknownProviderJobError(TransientError):
    """The quantum provider does not know a job that was submitted to it.

    It may know it in a moment; submitted again under its id, it is there once in any case.
    """

    code = "provider-job-unknown"


class StorageUnavailableError(TransientError):
    """The storage does not answer.

    The request may be sent again after `Retry-After`.
    """

    code = "storage-unavailable"


class ChannelUnavailableError(TransientError):
    """The channel cannot be opened.

    GET the job with the header `Prefer: wait` instead, or try again after `Retry-After`.
    """

    code = "channel-unavailable"


class UnreadableRecordError(TransientError):
    """The record of the job cannot be read by this version of the service.

    A newer version wrote it, which will answer again, or it is damaged: ask who runs the service.
    """

    code = "unreadable-record"


class WebhooksUnavailableError(TransientError):
    """There are no webhooks in this deployment.

    Poll, or ask who runs the service for the secret that they need.
    """

    code = "webhooks-unavailable"


class ConcurrentUpdateError(TransientError):
    """The job was changed in between by another process.

    The request may be sent again at once.
    """

    code = "concurrent-update"


# PermanentError: the job fails with the reason.


class IllegalTransitionError(PermanentError):
    """The job cannot go from its state to the one asked for.

    GET the job for the state that it has.
    """

    code = "illegal-transition"


class ProviderRejectedError(PermanentError):
    """The quantum provider refused or failed the job.

    Another target may run it.
    """

    code = "provider-rejected"

    def __init__(
        self, detail: str | None = None, kind: ProviderErrorKind = ProviderErrorKind.REJECTED
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        """Why it was refused, for whom it tells something."""


class ProviderGaveUpError(PermanentError):
    """The quantum provider could not be reached for too long.

    Submit the job again later, or to another target.
    """

    code = "provider-gave-up"


class DeadlineExceededError(PermanentError):
    """The job was not finished before its deadline.

    Submit it again with a later `deadline`, or without one.
    """

    code = "deadline-exceeded"


class AlgorithmError(PermanentError):
    """The algorithm failed on this job.

    The reason is in the log of the service.
    """

    code = "algorithm-failed"


class ProcessingFailedError(PermanentError):
    """The job failed again and again while it was processed.

    Submit it again; the reason is in the log of the service.
    """

    code = "processing-failed"
