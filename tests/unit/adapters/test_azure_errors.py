from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    IncompleteReadError,
    ResourceNotFoundError,
    ServiceRequestError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.identity import CredentialUnavailableError

from qjobs.adapters.azure_errors import retry_after, transient
from qjobs.adapters.provider_errors import linked_storage_errors, provider_errors, public_text
from qjobs.domain.errors import (
    ProviderRejectedError,
    ProviderUnavailableError,
    QJobsError,
    StorageUnavailableError,
    UnknownProviderJobError,
)

DAY = 86_400
URL = "http://127.0.0.1:10000/account/job-1/inputData?sv=2025-01-05&sig=abc%3D"


class Response:
    """As much of a response as errors are made of."""

    def __init__(
        self, status: int, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> None:
        self.status_code = status
        self.reason = {400: "Bad Request", 403: "Forbidden"}.get(status)
        self.headers = headers or {}
        self.content_type = "application/json"
        self._body = body

    def text(self, *_: object, **__: object) -> str:
        """Return the body."""
        return self._body

    def body(self) -> bytes:
        """Return the body."""
        return self._body.encode()


def http_error(
    status: int, headers: Mapping[str, str] | None = None, **error: str | None
) -> HttpResponseError:
    """Return the error that the SDK makes of a response."""
    body = json.dumps({"error": error}) if error else ""
    response: Any = Response(status, headers, body)
    if status == 404:
        return ResourceNotFoundError(response=response)
    if status == 401:
        return ClientAuthenticationError(response=response)
    return HttpResponseError(response=response)


BROKEN: list[AzureError] = [
    ServiceRequestError("refused"),
    ServiceResponseError("reset"),
    ServiceResponseTimeoutError("silent"),
    IncompleteReadError("half"),
    http_error(200),
    CredentialUnavailableError("no identity endpoint"),
    AzureError("of no known kind"),
]


def translated(error: Exception) -> QJobsError:
    """Return what becomes of an error of the workspace."""
    with (
        pytest.raises(QJobsError) as raised,
        provider_errors(),
    ):
        raise error
    assert "None" not in raised.value.detail
    return raised.value


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_no_response_or_half_of_one_passes(error: AzureError) -> None:
    """Of the workspace, its storage and the app's own alike."""
    assert isinstance(translated(error), ProviderUnavailableError)
    with pytest.raises(ProviderUnavailableError), linked_storage_errors():
        raise error
    with pytest.raises(StorageUnavailableError), transient(StorageUnavailableError):
        raise error


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 503, 504, 507])
def test_a_status_that_passes(status: int) -> None:
    """Throttling, trouble, and a role or a key that is about to be there."""
    error = http_error(status, {"Retry-After": "7"})

    raised = translated(error)
    assert isinstance(raised, ProviderUnavailableError)
    assert raised.retry_after == 7
    with (
        pytest.raises(StorageUnavailableError) as of_storage,
        transient(StorageUnavailableError),
    ):
        raise error
    assert of_storage.value.retry_after == 7


@pytest.mark.parametrize("status", [400, 404, 409, 412, 413, 416])
def test_what_is_wrong_with_a_request_to_storage_is_raised_as_it_is(status: int) -> None:
    """What a missing or a changed blob means is for the caller to say."""
    with pytest.raises(HttpResponseError), transient(StorageUnavailableError):
        raise http_error(status)


@pytest.mark.parametrize("status", [400, 405, 409, 413, 422])
def test_what_the_workspace_refuses_is_final(status: int) -> None:
    """With the words of the provider."""
    error = http_error(status, code="InvalidJobDefinition", message="No such entry point.")

    assert isinstance(translated(error), ProviderRejectedError)
    assert translated(error).detail == ("The workspace refused the request: No such entry point.")


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ServiceRequestError("127.0.0.1"), "The workspace does not respond."),
        (IncompleteReadError("half"), "The workspace does not respond."),
        (http_error(200), "The response of the workspace cannot be read."),
        (http_error(401), "The workspace refuses our identity."),
        (http_error(403), "The workspace refuses our identity."),
        (http_error(429), "The workspace limits the rate of requests."),
        (http_error(503), "The workspace responds with status 503."),
    ],
)
def test_what_passes_is_told_apart(error: AzureError, detail: str) -> None:
    """In the log of each attempt, and to the caller when the job is given up in the end."""
    assert translated(error).detail == detail


def test_a_workspace_that_is_not_known_is_waited_for() -> None:
    """Who made it can make it again; the service cannot."""
    assert isinstance(translated(http_error(404)), ProviderUnavailableError)


@pytest.mark.parametrize("status", [400, 409, 418, 499])
def test_a_refusal_without_words_has_a_reason_all_the_same(status: int) -> None:
    """Never a None: the reason of HTTP, or that there is none."""
    detail = translated(http_error(status)).detail

    expected = "Bad Request" if status == 400 else "no reason is given"
    assert detail == f"The workspace refused the request: {expected}"


@pytest.mark.parametrize(
    ("code", "message", "final"),
    [
        ("QuotaExceeded", "Used up.", True),
        ("Forbidden", "The quota of ionq is used up.", True),
        ("InsufficientCredits", None, True),
        ("AuthorizationFailed", "The client has no role.", False),
        (None, None, False),
    ],
)
def test_of_403_only_a_quota_is_final(
    code: str | None, message: str | None, *, final: bool
) -> None:
    """A role takes minutes until it is everywhere; a quota is there next month."""
    error = translated(http_error(403, code=code, message=message))

    assert isinstance(error, ProviderRejectedError) == final


@pytest.mark.parametrize("error", [ValueError, AttributeError, TypeError, KeyError, IndexError])
def test_a_response_of_another_form_passes(error: type[Exception]) -> None:
    """With whatever the SDK meets it."""
    assert "cannot be read" in translated(error("'list' object has no attribute 'x'")).detail


@pytest.mark.parametrize("error", [UnknownProviderJobError, ZeroDivisionError])
def test_other_errors_are_let_be(error: type[Exception]) -> None:
    """What the adapter says itself, and what is a fault of the code."""
    with pytest.raises(error), provider_errors():
        raise error


@pytest.mark.parametrize("error", [*BROKEN, *map(http_error, (400, 401, 403, 404, 409, 500))])
def test_nothing_of_the_linked_storage_is_final(error: AzureError) -> None:
    """The workspace signs its URLs: whatever is wrong with one, the next may do."""
    with pytest.raises(ProviderUnavailableError, match="storage"), linked_storage_errors():
        raise error


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        ("1.5", 1.5),
        (" 30 ", 30),
        ("86400", DAY),
        ("999999999", 6 * DAY),
        ("99999999999999999999", None),
        ("-5", None),
        ("inf", None),
        ("nan", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 6 * DAY),
        ("Fri, 31 Dec 9999 23:59:59", 6 * DAY),
        ("Fri, 99 Dec 2026 23:59:59 GMT", None),
    ],
)
def test_the_time_to_wait_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    """Never more than a queue can hide, and nothing where it makes no sense."""
    assert retry_after(http_error(429, {"Retry-After": text})) == seconds


def test_a_date_is_seconds_from_now() -> None:
    """As HTTP writes it."""
    moment = datetime.now(UTC) + timedelta(hours=1)
    found = retry_after(http_error(503, {"Retry-After": format_datetime(moment, usegmt=True)}))

    assert found is not None
    assert 0 < found <= 3600


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_what_has_no_response_asks_for_no_time(error: AzureError) -> None:
    """There is no header to read."""
    assert retry_after(error) is None


@pytest.mark.parametrize(
    "private",
    [
        URL,
        f"'{URL}'",
        "https://account.blob.core.windows.net/job-1?sig=x",
        "account.blob.core.windows.net",
        "127.0.0.1:10000",
        "localhost:10000",
        "[::1]:10000",
        "eastus.quantum.azure.com",
        "vault.vault.azure.net:443",
        "?sv=2025-01-05&sig=abc%3D",
        "/subscriptions/0000/resourceGroups/group/providers/Microsoft.Quantum/Workspaces/w",
    ],
)
def test_addresses_are_not_shown(private: str) -> None:
    """What a provider quotes of ours is taken out, and the rest stays."""
    shown = public_text("InvalidInputData", f"The input {private} could not be read: no host")

    assert shown.replace("'", "") == (
        "InvalidInputData: The input [removed] could not be read: no host"
    )


@pytest.mark.parametrize(
    "text",
    [
        "line 3: unexpected token 'rx(0.5)'",
        "qubits [0:3] are not connected; version 1.2.3",
        "OpenQASM 3.0: gate a.b is not defined",
        "ratio 1:2",
    ],
)
def test_words_about_programs_are_shown(text: str) -> None:
    """What only looks a bit like an address stays."""
    assert public_text(text) == text


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("Code", "Message."), "Code: Message."),
        (("Code", None), "Code"),
        ((None, "Message."), "Message."),
        (("", " \n "), "no reason is given"),
        ((None, None), "no reason is given"),
        (("A\tb\n\n c",), "A b c"),
    ],
)
def test_what_is_missing_is_not_shown_as_none(parts: tuple[str | None, ...], shown: str) -> None:
    """Providers leave out code, message or both."""
    assert public_text(*parts) == shown


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ServiceRequestError("refused"), "no-response"),
        (ServiceResponseTimeoutError("silent"), "no-response"),
        (CredentialUnavailableError("no identity endpoint"), "identity-refused"),
        (http_error(200), "unreadable"),
        (ValueError("no JSON"), "unreadable"),
        (http_error(429), "throttled"),
        (http_error(500), "server-error"),
        (http_error(503), "server-error"),
        (http_error(408), "server-error"),
        (http_error(404), "server-error"),
        (http_error(401), "identity-refused"),
        (http_error(403, code="AuthorizationFailed", message="No role."), "identity-refused"),
        (http_error(403, code="QuotaExceeded", message="Used up."), "quota"),
        (http_error(400, code="BadProgram", message="Too wide."), "rejected"),
        (http_error(400, code="X", message="The target specified does not exist."), "no-target"),
        (http_error(404, code="X", message="Target x.qpu was not found."), "no-target"),
        (http_error(400, code="X", message="The target x.qpu is not available."), "no-target"),
        (http_error(400, code="X", message="The target has 5 qubits."), "rejected"),
        (http_error(500, code="X", message="The target is unavailable."), "server-error"),
    ],
)
def test_an_error_has_the_kind_that_is_counted(error: Exception, kind: str) -> None:
    """An operator has to do something else for each."""
    with (
        pytest.raises((ProviderUnavailableError, ProviderRejectedError)) as raised,
        provider_errors(),
    ):
        raise error

    assert vars(raised.value)["kind"] == kind


def test_trouble_with_the_linked_storage_is_a_kind_of_its_own() -> None:
    """Its network rules and roles are others than those of the workspace."""
    with pytest.raises(ProviderUnavailableError) as raised, linked_storage_errors():
        raise http_error(403)

    assert raised.value.kind == "linked-storage"
