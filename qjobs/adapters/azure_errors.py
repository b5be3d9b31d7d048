"""Classification of Azure SDK errors: the transient ones, which a retry may solve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from azure.core.exceptions import AzureError

from qjobs.domain.errors import TransientError
from qjobs.domain.schedule import LONGEST_HIDDEN

_PASSING = frozenset({401, 403, 408, 425, 429})
"""Client errors that pass: a role that is being assigned, a key that is being replaced, a limit."""
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


@contextmanager
def transient(unavailable: type[TransientError]) -> Iterator[None]:
    """Raise *unavailable* for a transient error; let other errors be."""
    try:
        yield
    except AzureError as error:
        if not is_transient(error):
            raise
        raise unavailable(retry_after=retry_after(error)) from error


def is_transient(error: AzureError) -> bool:
    """Return whether the same request may succeed later.

    An error without a status, or with one of success, is one of the connection, of an identity that
    cannot be had, or of a body that breaks off or cannot be read.
    """
    status = getattr(error, "status_code", None)
    if not isinstance(status, int) or status < HTTPStatus.BAD_REQUEST:
        return True
    return status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after(error: AzureError) -> float | None:
    """Return the seconds of an error's Retry-After, which may be a number or a date.

    At most as many as a queue can hide a message; None if it has none, or none that can be read.
    """
    headers = getattr(getattr(error, "response", None), "headers", {})
    return seconds_of(headers.get("Retry-After", ""))


def seconds_of(retry_after: str) -> float | None:
    """Return the seconds of the text of a Retry-After (RFC 9110, 10.2.3), as `retry_after` does."""
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_HIDDEN)
    try:
        moment = parsedate_to_datetime(text)
        left = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(left, 0.0), LONGEST_HIDDEN)
