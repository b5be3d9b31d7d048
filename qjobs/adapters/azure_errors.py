"""Classification of Azure SDK errors: the transient ones, which a retry may solve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

from qjobs.domain.errors import TransientError

_STATUS = frozenset({408, 429, 500, 502, 503, 504})


@contextmanager
def transient(unavailable: type[TransientError]) -> Iterator[None]:
    """Raise *unavailable* when there is no response, or one whose status allows a retry."""
    try:
        yield
    except (ServiceRequestError, ServiceResponseError) as error:
        raise unavailable from error
    except HttpResponseError as error:
        if error.status_code not in _STATUS:
            raise
        raise unavailable(retry_after=_retry_after(error)) from error


def _retry_after(error: HttpResponseError) -> float | None:
    headers = getattr(error.response, "headers", {})
    text = headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None
