from __future__ import annotations

from collections.abc import Iterator

import azure.functions as func
import pytest

from functions import caller
from functions.requests import base_url, public_path
from qjobs import bootstrap
from qjobs.domain.errors import InvalidParameterError, UnauthenticatedError
from qjobs.domain.identifiers import owner_key
from qjobs.settings import GatewayTrust

GATEWAY = "0b8f1d3a-0000-4000-8000-000000000001"
SETTINGS = {"QJOBS_GATEWAY_PRINCIPAL_ID": GATEWAY, "WEBSITE_AUTH_ENABLED": "True"}
FROM_GATEWAY = {"x-ms-client-principal-id": GATEWAY, "x-caller-id": "tenant:alice"}


def request(**headers: str) -> func.HttpRequest:
    """Return a request as the host hands it to a function."""
    return func.HttpRequest(
        "GET",
        "http://functions.local/api/jobs/1?x=y",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=b"",
    )


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Let each test have its own environment read."""
    bootstrap.gateway_trust.cache_clear()
    yield
    bootstrap.gateway_trust.cache_clear()


@pytest.fixture
def behind_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deploy behind a gateway."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


def asked(headers: dict[str, str]) -> str:
    """Return the owner that a request with these headers has."""
    req = request(**headers)
    caller.check_sender(req)
    return caller.owner_of(req)


def test_without_a_gateway_the_host_asks_for_a_key() -> None:
    """Functions need keys unless the gateway has its identity."""
    assert caller.auth_level() is func.AuthLevel.FUNCTION


def test_without_a_gateway_the_key_holder_says_who_calls() -> None:
    """The holder of a key speaks for any caller, and for itself if it names none."""
    assert asked({"x-caller-id": "alice"}) == owner_key("alice")
    assert asked({}) == owner_key("function-key")


@pytest.mark.usefixtures("behind_gateway")
def test_behind_a_gateway_no_key_is_needed() -> None:
    """The platform's authentication takes the place of keys."""
    assert caller.auth_level() is func.AuthLevel.ANONYMOUS


@pytest.mark.usefixtures("behind_gateway")
def test_the_gateway_says_who_calls() -> None:
    """What the gateway says of the caller is believed."""
    assert asked(FROM_GATEWAY) == owner_key("tenant:alice")


@pytest.mark.usefixtures("behind_gateway")
@pytest.mark.parametrize(
    "headers",
    [
        {"x-caller-id": "tenant:alice"},
        {**FROM_GATEWAY, "x-ms-client-principal-id": "0b8f1d3a-0000-4000-8000-000000000002"},
        {**FROM_GATEWAY, "x-ms-client-principal-id": ""},
        {"x-caller-id": "tenant:alice", "x-functions-key": "a key"},
        {"x-ms-client-principal-id": GATEWAY},
    ],
)
def test_nobody_else_is_believed(headers: dict[str, str]) -> None:
    """Another principal, none, a key, or a gateway that names no caller is refused."""
    with pytest.raises(UnauthenticatedError):
        asked(headers)


@pytest.mark.parametrize("enabled", [None, "False", ""])
def test_headers_are_not_believed_where_the_platform_checks_nothing(
    monkeypatch: pytest.MonkeyPatch, enabled: str | None
) -> None:
    """With a gateway expected but platform authentication off, everything is refused."""
    monkeypatch.setenv("QJOBS_GATEWAY_PRINCIPAL_ID", GATEWAY)
    if enabled is not None:
        monkeypatch.setenv("WEBSITE_AUTH_ENABLED", enabled)

    with pytest.raises(UnauthenticatedError):
        asked(FROM_GATEWAY)


def test_a_caller_is_an_identifier() -> None:
    """A caller with blanks is refused by the name of the header."""
    with pytest.raises(InvalidParameterError) as refused:
        asked({"x-caller-id": "two words"})
    assert [violation.parameter for violation in refused.value.violations] == ["X-Caller-Id"]


def test_addresses_are_those_of_the_gateway() -> None:
    """Links begin with the forwarded scheme, host and prefix; problems name that path."""
    req = request(
        x_forwarded_host="quantum.example.com",
        x_forwarded_proto="https",
        x_forwarded_prefix="/q/v1",
    )

    assert base_url(req) == "https://quantum.example.com/q/v1"
    assert public_path(req) == "/q/v1/jobs/1"


@pytest.mark.parametrize("prefix", ["no-slash", "/ends/", "/two words", "//", "/<script>"])
def test_a_prefix_that_is_no_path_is_ignored(prefix: str) -> None:
    """Links never contain what cannot be part of a path."""
    assert base_url(request(x_forwarded_prefix=prefix)) == "http://functions.local/api"


def test_an_empty_setting_is_none() -> None:
    """A gateway without an identity is no gateway."""
    trust = GatewayTrust.from_environment({"QJOBS_GATEWAY_PRINCIPAL_ID": ""})
    assert trust == GatewayTrust(principal_id=None, platform_authentication=False)


def test_what_the_caller_lacks_is_what_the_gateway_says() -> None:
    """The name of the scope, or nothing."""
    assert caller.lacking_scope(request(x_caller_lacks="jobs.hardware")) == "jobs.hardware"
    assert caller.lacking_scope(request()) is None
