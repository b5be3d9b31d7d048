from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from emulator_support.metadata_server import publishing
from localdev.host.authentication import Authenticated, Authentication
from localdev.host.configuration import ConfigurationError
from localdev.identity.directory import CLI_CLIENT_ID, TENANT, object_id
from localdev.identity.tokens import Issuer, new_key

ISSUER = Issuer(TENANT, new_key())
AUDIENCE = "api://app"
CLIENT_ID = "7e4a1f00-0000-4000-8000-0000000000aa"
OPEN = "/api/open"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the headers of the request."""
    await JSONResponse(dict(Request(scope).headers))(scope, receive, send)


@pytest.fixture
async def metadata_url() -> AsyncIterator[str]:
    """Publish the metadata of tokens of version 2.0."""
    async with publishing(ISSUER.issuer("2.0"), ISSUER.public_jwk()) as published:
        yield published.url


def settings(**changes: Any) -> Authentication:  # noqa: ANN401 - of any member
    """Return an authentication that takes tokens of the issuer for the app."""
    members: dict[str, Any] = {
        "issuer": ISSUER.issuer("2.0"),
        "audiences": (AUDIENCE,),
        "applications": frozenset(),
        "principals": frozenset(),
        "excluded": (OPEN,),
    }
    return Authentication(**(members | changes))


def bearer(issuer: Issuer = ISSUER, **claims: object) -> dict[str, str]:
    """Return the header with a token of alice's with some claims changed."""
    token = issuer.sign(issuer.user_claims("alice") | {"aud": AUDIENCE} | claims)
    return {"authorization": f"Bearer {token}"}


async def answer(
    url: str, who: Authentication, headers: dict[str, str], path: str = "/api/echo"
) -> httpx.Response:
    """Send a request through the authentication to the app."""
    transport = httpx.ASGITransport(Authenticated(app, who, url))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        return await client.get(path, headers=headers)


async def test_a_person_has_a_name(metadata_url: str) -> None:
    """The app is told who calls by id, by name and by everything the token says."""
    said = (await answer(metadata_url, settings(), bearer())).json()

    assert said["x-ms-client-principal-id"] == object_id("alice")
    assert said["x-ms-client-principal-name"] == "alice@example.com"
    assert said["x-ms-client-principal-idp"] == "aad"
    principal = json.loads(base64.b64decode(said["x-ms-client-principal"]))
    assert principal["auth_typ"] == "aad"
    assert {"typ": "azp", "val": CLI_CLIENT_ID} in principal["claims"]


async def test_an_application_has_none(metadata_url: str) -> None:
    """A token of an application names nobody, and each of its roles is a claim of its own."""
    claims = ISSUER.application_claims("nightly", ["one", "two"]) | {"aud": AUDIENCE}
    headers = {"authorization": f"Bearer {ISSUER.sign(claims)}"}

    said = (await answer(metadata_url, settings(), headers)).json()

    assert "x-ms-client-principal-name" not in said
    principal = json.loads(base64.b64decode(said["x-ms-client-principal"]))
    roles = [one["val"] for one in principal["claims"] if one["typ"] == principal["role_typ"]]
    assert roles == ["one", "two"]


async def test_a_name_that_no_header_can_say_is_left_out(metadata_url: str) -> None:
    """A name outside ASCII, or with a line of its own in it, does not get into the headers."""
    headers = bearer(preferred_username="a\r\nx-forged: 1", name="Zoë")

    said = (await answer(metadata_url, settings(), headers)).json()

    assert not said.keys() & {"x-ms-client-principal-name", "x-forged"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"applications": frozenset({CLI_CLIENT_ID})}, 200),
        ({"applications": frozenset({"another"})}, 403),
        ({"principals": frozenset({object_id("alice")})}, 200),
        ({"principals": frozenset({object_id("bob")})}, 403),
        # Both have to be allowed where both are named.
        ({"applications": frozenset({"x"}), "principals": frozenset({object_id("alice")})}, 403),
        ({"issuer": ISSUER.issuer("1.0")}, 401),
        ({"audiences": ("api://another",)}, 401),
    ],
)
async def test_who_may_come_in(metadata_url: str, changes: dict[str, Any], status: int) -> None:
    """A valid token of somebody who is not allowed is 403, one that is not for this app 401."""
    assert (await answer(metadata_url, settings(**changes), bearer())).status_code == status


async def test_a_refusal_says_what_to_bring(metadata_url: str) -> None:
    """Without a token the answer names the scheme that is expected."""
    refused = await answer(metadata_url, settings(), {})

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Basic", "Bear", ""])
async def test_another_scheme_is_no_token(metadata_url: str, scheme: str) -> None:
    """Only bearer tokens are looked at."""
    headers = {"authorization": bearer()["authorization"].replace("Bearer", scheme).strip()}

    assert (await answer(metadata_url, settings(), headers)).status_code == 401


@pytest.mark.parametrize("kind", ["none", "not allowed", "of another key", "of another issuer"])
async def test_an_excluded_path_refuses_nobody(metadata_url: str, kind: str) -> None:
    """Whatever comes with a request for an excluded path, it arrives, as nobody's."""
    cases: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
        "none": ({}, {}),
        "not allowed": (bearer(), {"principals": frozenset({"another"})}),
        "of another key": (bearer(Issuer(TENANT, new_key())), {}),
        "of another issuer": (bearer(), {"issuer": ISSUER.issuer("1.0")}),
    }
    headers, changes = cases[kind]
    forged = {"x-ms-client-principal-id": "forged"}

    passed = await answer(metadata_url, settings(**changes), headers | forged, OPEN)

    assert passed.status_code == 200
    assert "x-ms-client-principal-id" not in passed.json()


@pytest.mark.parametrize("path", ["/api/open/", "/api/open/more", "/API/OPEN", "/api"])
async def test_only_the_very_path_is_excluded(metadata_url: str, path: str) -> None:
    """A path near an excluded one needs a token."""
    assert (await answer(metadata_url, settings(), {}, path)).status_code == 401


async def test_an_excluded_path_is_told_nothing_forged(metadata_url: str) -> None:
    """A request without a token to an excluded path arrives without the headers it forged."""
    forged = {"X-MS-CLIENT-PRINCIPAL-ID": "forged", "X-MS-TOKEN-AAD-ID-TOKEN": "forged"}

    passed = await answer(metadata_url, settings(), forged, OPEN)

    assert passed.status_code == 200
    assert "forged" not in passed.json().values()


def document(**directory: object) -> dict[str, Any]:
    """Return a configuration with some members of the identity provider changed."""
    provider = {
        "registration": {"openIdIssuer": ISSUER.issuer("2.0"), "clientId": CLIENT_ID},
        "validation": {
            "allowedAudiences": [AUDIENCE],
            "defaultAuthorizationPolicy": {
                "allowedApplications": [],
                "allowedPrincipals": {"identities": []},
            },
        },
    }
    return {
        "platform": {"enabled": True},
        "globalValidation": {"requireAuthentication": True},
        "identityProviders": {"azureActiveDirectory": provider | directory},
    }


def read(folder: Path, content: dict[str, Any]) -> Authentication:
    """Read a configuration from a file."""
    file = folder / "authentication.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return Authentication.from_file(file)


def test_the_registration_is_an_audience(tmp_path: Path) -> None:
    """Tokens for the registration's client id are taken without its being listed."""
    who = read(tmp_path, document())

    assert who.audiences == (AUDIENCE, CLIENT_ID)


@pytest.mark.parametrize(
    "everywhere",
    [
        {"requireAuthentication": False},
        {"requireAuthentication": True, "unauthenticatedClientAction": "AllowAnonymous"},
        {},
    ],
)
def test_a_token_is_required(tmp_path: Path, everywhere: dict[str, Any]) -> None:
    """Settings that let in who has no token are refused: no function app here has them."""
    with pytest.raises(ConfigurationError, match="globalValidation"):
        read(tmp_path, document() | {"globalValidation": everywhere})


def test_a_provider_that_is_off_is_refused(tmp_path: Path) -> None:
    """The only provider cannot be off while the authentication is on."""
    with pytest.raises(ConfigurationError):
        read(tmp_path, document(enabled=False))
