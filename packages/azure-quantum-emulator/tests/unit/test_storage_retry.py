"""The retry policy towards the storage account, and the words of its failures."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable

import pytest
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from azure_quantum_emulator import storage_retry
from azure_quantum_emulator.storage_retry import is_transient, reason, repeat

ADDRESS = "127.0.0.1:10000"


def refused(status: int, code: str | None = None) -> HttpResponseError:
    """Return the error of a response."""
    error = HttpResponseError(f"http://{ADDRESS}/account answers {status}")
    error.status_code = status
    if code is not None:
        vars(error)["error_code"] = code  # as the storage SDK sets it
    return error


TRANSIENT = [
    ServiceRequestError(f"Cannot connect to host {ADDRESS}"),
    ServiceResponseError(f"{ADDRESS} closed the connection"),
    HttpResponseError("half a body"),
    *(refused(status) for status in (408, 429, 500, 503)),
]
FINAL = [refused(404, "BlobNotFound"), refused(403, "AuthorizationFailure"), refused(400)]


@pytest.fixture
def instantly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses take no time."""
    monkeypatch.setattr(storage_retry, "FIRST_PAUSE", 0)


def failing(*errors: AzureError) -> Callable[[], Awaitable[str]]:
    """Return a call that fails with each of *errors* and succeeds then."""
    outcomes = iter(errors)

    async def call() -> str:
        for error in outcomes:
            raise error
        return "content"

    return call


@pytest.mark.parametrize("error", TRANSIENT, ids=str)
def test_what_passes_is_repeated(error: AzureError) -> None:
    """No response, half a response, and responses that say so."""
    assert is_transient(error)


@pytest.mark.parametrize("error", FINAL, ids=str)
def test_what_stays_is_not_repeated(error: AzureError) -> None:
    """A blob that is not there, or a request that is not allowed."""
    assert not is_transient(error)


@pytest.mark.usefixtures("instantly")
async def test_a_call_is_repeated_until_it_succeeds() -> None:
    """However it failed before."""
    first, *others = TRANSIENT
    assert await repeat(failing(*others), first, lambda: True) == "content"


@pytest.mark.usefixtures("instantly")
async def test_a_failure_that_stays_ends_it() -> None:
    """It is the one that is raised."""
    call = failing(TRANSIENT[0], FINAL[0])
    with pytest.raises(HttpResponseError) as raised:
        await repeat(call, TRANSIENT[1], lambda: True)
    assert raised.value is FINAL[0]
    with pytest.raises(HttpResponseError) as raised:
        await repeat(failing(), FINAL[1], lambda: True)
    assert raised.value is FINAL[1]


@pytest.mark.usefixtures("instantly")
async def test_a_call_that_nobody_wants_is_not_repeated() -> None:
    """It is asked before each attempt."""
    wanted = iter([True, True, False])
    attempts = itertools.count()

    async def call() -> None:
        next(attempts)
        raise TRANSIENT[0]

    with pytest.raises(ServiceRequestError):
        await repeat(call, TRANSIENT[0], lambda: next(wanted))
    assert next(attempts) == 2


async def test_patience_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its end there is one last attempt."""
    monkeypatch.setattr(storage_retry, "PATIENCE", 0.02)
    with pytest.raises(ServiceResponseError):
        await repeat(failing(*[TRANSIENT[1]] * 100), TRANSIENT[0], lambda: True)


def test_the_longest_outage_is_longer_than_a_restart() -> None:
    """An account that is out of order for some minutes fails no job."""
    assert storage_retry.PATIENCE > 4 * 60 + storage_retry.LONGEST_PAUSE


@pytest.mark.parametrize("error", [*TRANSIENT, *FINAL], ids=str)
def test_no_reason_has_an_address(error: AzureError) -> None:
    """Callers see it, and the address is none of theirs."""
    assert ADDRESS not in reason(error)
    assert reason(error)


def test_a_reason_has_the_code_of_the_account() -> None:
    """Where there is one."""
    assert reason(FINAL[0]) == "BlobNotFound"
    assert reason(FINAL[2]) == "the storage account answers 400"
