"""Errors of the quantum workspace as errors of the domain, with texts that a caller may read."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from qjobs.adapters.azure_errors import is_transient, retry_after
from qjobs.domain.errors import ProviderRejectedError, ProviderUnavailableError, QJobsError
from qjobs.domain.provider_error_kind import ProviderErrorKind

_log = logging.getLogger(__name__)
_QUOTA = re.compile(r"quota|credit", re.IGNORECASE)
_NO_TARGET = re.compile(
    r"\btarget\b.*\b(does not exist|is not (enabled|available|supported)|not found|unavailable)\b",
    re.IGNORECASE | re.DOTALL,
)
_PRIVATE = re.compile(
    r"\S*\bsig=\S+"  # a signature, with whatever is around it
    r"|\b[a-z][a-z0-9+.-]*://[^\s'\"<>]+"  # a URL
    r"|/subscriptions/[^\s'\"<>]+"  # the id of a resource
    r"|\b[\w.-]+\.(?:windows\.net|azure\.(?:com|net)|azurewebsites\.net)\b(?::\d+)?"
    r"|\blocalhost:\d+|\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?"
    r"|\[(?:[0-9a-f]*:){2,7}[0-9a-f]*\](?::\d+)?",  # an IPv6 address
    re.IGNORECASE,
)
"""What may be an address of ours in the text of another service."""
_NO_REASON = "no reason is given"
_UNREADABLE = "The response of the workspace cannot be read."


def public_text(*parts: str | None) -> str:
    """Return the text of another service without addresses and signatures.

    Args:
        parts: what it says, such as a code and a message, of which any may be missing

    """
    texts = [" ".join(_PRIVATE.sub("[removed]", part).split()) for part in parts if part]
    return ": ".join(text for text in texts if text) or _NO_REASON


@contextmanager
def provider_errors() -> Iterator[None]:
    """Raise `ProviderUnavailableError` for a transient error, `ProviderRejectedError` for another.

    A response of the wrong form is one that cannot be read: the SDK meets it with whatever Python
    raises.
    """
    try:
        yield
    except AzureError as error:
        raise _translated(error) from error
    except (ValueError, AttributeError, TypeError, LookupError) as error:
        _log.warning(_UNREADABLE, exc_info=error)
        raise ProviderUnavailableError(_UNREADABLE, kind=ProviderErrorKind.UNREADABLE) from error


@contextmanager
def linked_storage_errors() -> Iterator[None]:
    """Raise `ProviderUnavailableError` for every error of the storage linked to the workspace.

    The workspace made the containers and signed the URLs, so nothing of it is the job's fault.
    """
    try:
        yield
    except AzureError as error:
        detail = "The storage of the workspace does not answer."
        kind = ProviderErrorKind.STORAGE
        raise ProviderUnavailableError(detail, retry_after(error), kind=kind) from error


def _translated(error: AzureError) -> QJobsError:
    status = getattr(error, "status_code", None)
    if isinstance(error, HttpResponseError) and _is_quota(error):
        return _rejected(error, ProviderErrorKind.QUOTA)
    if isinstance(error, HttpResponseError) and _is_about_target(error):
        return _rejected(error, ProviderErrorKind.NO_TARGET)
    if isinstance(error, ClientAuthenticationError) or status == HTTPStatus.FORBIDDEN:
        # A missing role or a rotated key can be repaired without the job failing.
        refused, kind = "The workspace refuses our identity.", ProviderErrorKind.IDENTITY_REFUSED
        return ProviderUnavailableError(refused, retry_after(error), kind=kind)
    if isinstance(error, HttpResponseError) and not (
        is_transient(error) or status == HTTPStatus.NOT_FOUND
    ):
        return _rejected(error, ProviderErrorKind.REJECTED)
    detail, kind = _trouble(status)
    return ProviderUnavailableError(detail, retry_after(error), kind=kind)


def _trouble(status: int | None) -> tuple[str, ProviderErrorKind]:
    if status is None:
        return "The workspace does not respond.", ProviderErrorKind.NO_RESPONSE
    if status < HTTPStatus.BAD_REQUEST:
        return _UNREADABLE, ProviderErrorKind.UNREADABLE
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "The workspace limits the rate of requests.", ProviderErrorKind.THROTTLED
    return f"The workspace responds with status {status}.", ProviderErrorKind.SERVER_ERROR


def _is_quota(error: HttpResponseError) -> bool:
    """Return whether a quota is used up, for which waiting does not help."""
    words = (getattr(error.error, "code", None), getattr(error.error, "message", None))
    return error.status_code == HTTPStatus.FORBIDDEN and any(
        _QUOTA.search(word) for word in words if word
    )


def _is_about_target(error: HttpResponseError) -> bool:
    """Return whether a request is refused because its target is gone."""
    message = getattr(error.error, "message", None)
    refused = error.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    return refused and message is not None and _NO_TARGET.search(message) is not None


def _rejected(error: HttpResponseError, kind: ProviderErrorKind) -> ProviderRejectedError:
    reason = public_text(getattr(error.error, "message", None) or error.reason)
    return ProviderRejectedError(f"The workspace refused the request: {reason}", kind)
