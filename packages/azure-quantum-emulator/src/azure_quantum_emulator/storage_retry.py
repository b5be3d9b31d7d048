"""The retry policy of the runner towards the storage account: exponential backoff with jitter.

A storage account that is restarted is back within seconds, and one that is out of order within
minutes; a job that has waited for hours in a queue must not fail for either.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from azure.core.exceptions import AzureError, HttpResponseError

PATIENCE = 600.0
"""Seconds after which what was refused first is given up."""
FIRST_PAUSE = 0.5
"""Seconds before the second attempt, on average; each further pause is twice as long."""
LONGEST_PAUSE = 15.0

_TRANSIENT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def is_transient(error: AzureError) -> bool:
    """Return whether the same request may succeed later."""
    if not isinstance(error, HttpResponseError) or error.status_code is None:
        return True  # there was no response, or half of one
    return error.status_code in _TRANSIENT or error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def reason(error: Exception) -> str:
    """Return the reason of a failed request, without the address of the account."""
    if not isinstance(error, HttpResponseError) or error.status_code is None:
        return "the storage account does not respond"
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or f"the storage account answers {error.status_code}")


async def repeat[T](
    call: Callable[[], Awaitable[T]], error: AzureError, is_wanted: Callable[[], bool]
) -> T:
    """Repeat a call that failed with *error*; return its result.

    Args:
        call: the call
        error: why it failed
        is_wanted: asked before each attempt whether it is still worth while

    Raises:
        AzureError: the last attempt failed: for good, `PATIENCE` is at an end, or no result is
            wanted any more.

    """
    clock = asyncio.get_running_loop().time
    end = clock() + PATIENCE
    pause = FIRST_PAUSE
    while is_transient(error) and (left := end - clock()) > 0:
        await asyncio.sleep(min(random.uniform(pause / 2, pause * 1.5), left))  # noqa: S311 - nothing is secret here
        pause = min(2 * pause, LONGEST_PAUSE)
        if not is_wanted():
            break
        try:
            return await call()
        except AzureError as again:
            error = again
    raise error
