from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import azure.functions as func
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from functions import caller
from functions.endpoint import endpoint
from functions.requests import base_url, public_path
from localdev.identity.directory import TENANT, ManagedIdentity
from localdev.identity.tokens import Issuer, new_key
from qjobs import bootstrap
from qjobs.domain.errors import InvalidParameterError, UnauthenticatedError
from qjobs.domain.identifiers import owner_key
from qjobs.settings import GatewayToken, GatewayTrust, SettingError

GATEWAY = "0b8f1d3a-0000-4000-8000-000000000001"
SETTINGS = {"QJOBS_GATEWAY_PRINCIPAL_ID": GATEWAY, "WEBSITE_AUTH_ENABLED": "True"}
AUDIENCE, METADATA = "QJOBS_GATEWAY_TOKEN_AUDIENCE", "QJOBS_GATEWAY_TOKEN_METADATA"
TOKEN = {AUDIENCE: "api://functions", METADATA: "https://issuer.example/metadata"}
FROM_GATEWAY = {"x-ms-client-principal-id": GATEWAY, "x-caller-id": "tenant:alice"}


def request(**headers: str) -> func.HttpRequest:
    """Return a request as the host hands it to a function."""
    return func.HttpRequest(
        "GET",
        "http://functions.local/api/jobs/1?x=y",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=b"",
    )


@endpoint
async def guarded(req: func.HttpRequest) -> func.HttpResponse:
    """Answer whoever gets past the check."""
    return func.HttpResponse(caller.owner_of(req))


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


async def asked(headers: dict[str, str]) -> str:
    """Return the owner that a request with these headers has."""
    req = request(**headers)
    await caller.check_sender(req)
    return caller.owner_of(req)


def test_without_a_gateway_the_host_asks_for_a_key() -> None:
    """Functions need keys unless the gateway has its identity."""
    assert caller.auth_level() is func.AuthLevel.FUNCTION


async def test_without_a_gateway_the_key_holder_says_who_calls() -> None:
    """The holder of a key speaks for any caller, and for itself if it names none."""
    assert await asked({"x-caller-id": "alice"}) == owner_key("alice")
    assert await asked({}) == owner_key("function-key")


@pytest.mark.usefixtures("behind_gateway")
def test_behind_a_gateway_no_key_is_needed() -> None:
    """The platform's authentication takes the place of keys."""
    assert caller.auth_level() is func.AuthLevel.ANONYMOUS


@pytest.mark.usefixtures("behind_gateway")
async def test_the_gateway_says_who_calls() -> None:
    """What the gateway says of the caller is believed."""
    assert await asked(FROM_GATEWAY) == owner_key("tenant:alice")


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
async def test_nobody_else_is_believed(headers: dict[str, str]) -> None:
    """Another principal, none, a key, or a gateway that names no caller is refused."""
    with pytest.raises(UnauthenticatedError):
        await asked(headers)


@pytest.mark.parametrize("enabled", [None, "False", ""])
async def test_headers_are_not_believed_where_the_platform_checks_nothing(
    monkeypatch: pytest.MonkeyPatch, enabled: str | None
) -> None:
    """With a gateway expected but platform authentication off, everything is refused."""
    monkeypatch.setenv("QJOBS_GATEWAY_PRINCIPAL_ID", GATEWAY)
    if enabled is not None:
        monkeypatch.setenv("WEBSITE_AUTH_ENABLED", enabled)

    with pytest.raises(UnauthenticatedError):
        await asked(FROM_GATEWAY)


async def test_a_caller_is_an_identifier() -> None:
    """A caller with blanks is refused by the name of the header."""
    with pytest.raises(InvalidParameterError) as refused:
        await asked({"x-caller-id": "two words"})
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
    names = ("QJOBS_GATEWAY_PRINCIPAL_ID", *TOKEN)
    trust = GatewayTrust.from_environment(dict.fromkeys(names, ""))
    assert trust == GatewayTrust(principal_id=None, platform_authentication=False)


@pytest.fixture
async def token(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    """Set the gateway's token, whose issuer publishes its keys; return what signs for it."""
    issuer = Issuer(TENANT, new_key())

    async def metadata(req: web.Request) -> web.Response:
        keys = str(req.url.with_path("/keys"))
        return web.json_response({"issuer": issuer.issuer("1.0"), "jwks_uri": keys})

    async def keys(_: web.Request) -> web.Response:
        return web.json_response({"keys": [issuer.public_jwk()]})

    app = web.Application()
    app.add_routes([web.get("/metadata", metadata), web.get("/keys", keys)])
    async with TestServer(app) as server:
        url = str(server.make_url("/metadata"))
        for name, value in {**SETTINGS, **TOKEN, METADATA: url}.items():
            monkeypatch.setenv(name, value)
        yield issuer


def of_gateway(issuer: Issuer, principal: str = GATEWAY) -> dict[str, str]:
    """Return the headers of a request of the gateway, or of another identity."""
    identity = ManagedIdentity(GATEWAY, principal)
    claims = issuer.managed_identity_claims(identity, TOKEN[AUDIENCE])
    return {"x-caller-id": "tenant:alice", "authorization": f"Bearer {issuer.sign(claims)}"}


@pytest.mark.parametrize("enabled", ["True", ""])
async def test_the_gateways_token_proves_who_calls(
    token: Issuer, monkeypatch: pytest.MonkeyPatch, enabled: str
) -> None:
    """With a token, nothing is asked of the platform and its headers."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", enabled)

    assert caller.auth_level() is func.AuthLevel.ANONYMOUS
    assert await asked(of_gateway(token)) == owner_key("tenant:alice")


@pytest.mark.parametrize("of", ["nobody", "another", "another issuer"])
async def test_the_platforms_headers_prove_nothing_where_a_token_does(
    token: Issuer, of: str
) -> None:
    """Whoever has not the gateway's token is refused, as whom the headers may say that it is."""
    headers = {
        "nobody": {},
        "another": of_gateway(token, "0b8f1d3a-0000-4000-8000-000000000002"),
        "another issuer": of_gateway(Issuer(TENANT, new_key())),
    }[of]

    with pytest.raises(UnauthenticatedError):
        await asked(headers | FROM_GATEWAY)


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("header", ["", "Bearer a.b.c"])
async def test_a_refusal_tells_a_forger_nothing(header: str) -> None:
    """The problem document is the same for whatever is wrong."""
    response = await guarded(request(authorization=header))

    assert (response.status_code, response.mimetype) == (401, "application/problem+json")
    assert json.loads(response.get_body()) == {
        "type": "urn:qjobs:problem:unauthenticated",
        "title": "The sender of the request is not authenticated",
        "status": 401,
        "detail": "Only the gateway may call.",
        "instance": "/api/jobs/1",
        "code": "unauthenticated",
        "message": "Only the gateway may call.",
    }


async def test_an_issuer_that_does_not_answer_is_503(
    token: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell at the moment; the gateway is told to come back soon."""
    monkeypatch.setenv(METADATA, "http://127.0.0.1:1/metadata")

    response = await guarded(request(**of_gateway(token)))

    assert response.status_code == 503
    assert 1 <= int(response.headers["Retry-After"]) <= 5


@pytest.mark.parametrize("missing", ["QJOBS_GATEWAY_PRINCIPAL_ID", *TOKEN])
def test_a_token_that_is_half_set_is_an_error(missing: str) -> None:
    """What is missing is named, because half of it would protect nothing."""
    settings = {**SETTINGS, **TOKEN, missing: ""}

    with pytest.raises(SettingError, match=f"{missing} is missing"):
        GatewayTrust.from_environment(settings)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://issuer.example/metadata", True),
        ("HTTPS://issuer.example/metadata", True),
        ("http://127.0.0.1:7073/metadata", True),
        ("http://issuer.example/metadata", False),
        ("http://127.0.0.1.example/metadata", False),
        ("http://127.0.0.1:1@issuer.example/metadata", False),
        ("file:///etc/passwd", False),
        ("issuer.example", False),
        ("https:metadata", False),
        ("http://[x", False),
    ],
)
def test_keys_are_read_where_nobody_can_change_them(url: str, safe: bool) -> None:
    """An address without TLS is an error, but for one on this machine."""
    settings = {**SETTINGS, **TOKEN, METADATA: url}

    if safe:
        assert GatewayTrust.from_environment(settings).token == GatewayToken(TOKEN[AUDIENCE], url)
    else:
        with pytest.raises(SettingError, match="must begin with https://"):
            GatewayTrust.from_environment(settings)


def test_what_the_caller_lacks_is_what_the_gateway_says() -> None:
    """The name of the scope, or nothing."""
    assert caller.lacking_scope(request(x_caller_lacks="jobs.hardware")) == "jobs.hardware"
    assert caller.lacking_scope(request()) is None
