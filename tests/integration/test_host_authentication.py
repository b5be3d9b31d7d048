"""The platform's authentication in front of the local host."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localdev.host.authentication import Authentication
from localdev.host.configuration import ConfigurationError
from localdev.identity.directory import (
    API_AUDIENCE,
    FUNCTIONS,
    FUNCTIONS_AUDIENCE,
    GATEWAY,
    TENANT,
    ManagedIdentity,
)
from localdev.identity.tokens import Issuer, new_key
from localdev.stack.endpoints import issuer_of
from localdev.stack.part import Options
from localdev.stack.parts import AUTHENTICATION, Identity
from localdev.stack.stack import Stack
from tests.unit.host.host_process import Host, running, write_app

APP = """
import json, os
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
ENABLED = os.environ.get("WEBSITE_AUTH_ENABLED")

@app.route(methods=["GET"])
async def health(req: func.HttpRequest) -> str:
    return "healthy"

@app.route(methods=["GET"])
async def echo(req: func.HttpRequest) -> str:
    return json.dumps({"enabled": ENABLED, **dict(req.headers)})

@app.route(methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
async def guarded(req: func.HttpRequest) -> str:
    return "guarded"
"""


@pytest.fixture(scope="module")
def issuer_and_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Issuer, str]]:
    """Start the issuer; yields it, able to sign, and where its metadata is."""
    options = Options(tmp_path_factory.mktemp("identity"))
    with Stack(options, parts=lambda options: [Identity(options)]) as stack:
        url = f"{stack.facts['identity']['url']}{TENANT}/.well-known/openid-configuration"
        yield issuer_of(stack.facts), url


@pytest.fixture
def issuer(issuer_and_url: tuple[Issuer, str]) -> Issuer:
    """Return the issuer, able to sign."""
    return issuer_and_url[0]


@pytest.fixture(scope="module")
def host(
    issuer_and_url: tuple[Issuer, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """Run the app behind the authentication of the local stack."""
    folder = tmp_path_factory.mktemp("authentication")
    file = folder / "authentication.json"
    file.write_text(json.dumps(AUTHENTICATION), encoding="utf-8")
    app = write_app(folder, APP)
    with running(app, "--auth", str(file), "--auth-metadata", issuer_and_url[1]) as running_host:
        yield running_host


def bearer(
    issuer: Issuer, identity: ManagedIdentity = GATEWAY, audience: str = FUNCTIONS_AUDIENCE
) -> dict[str, str]:
    """Return the header with a token of a managed identity."""
    token = issuer.sign(issuer.managed_identity_claims(identity, audience))
    return {"authorization": f"Bearer {token}"}


def test_the_app_is_told_who_calls(host: Host, issuer: Issuer) -> None:
    """A valid token becomes the headers that the platform sets."""
    said = host.request("/api/echo", headers=bearer(issuer)).json()

    assert said["x-ms-client-principal-id"] == GATEWAY.object_id
    assert said["x-ms-client-principal-idp"] == "aad"
    principal = json.loads(base64.b64decode(said["x-ms-client-principal"]))
    assert {"typ": "oid", "val": GATEWAY.object_id} in principal["claims"]
    assert said["enabled"] == "True"


def test_what_a_client_says_of_itself_is_removed(host: Host, issuer: Issuer) -> None:
    """Nobody can send the platform's headers."""
    forged = {
        "X-MS-CLIENT-PRINCIPAL-ID": "forged",
        "x-ms-client-principal": "forged",
        "x-ms-client-principal-name": "forged",
        "X-MS-TOKEN-AAD-ACCESS-TOKEN": "forged",
    }

    said = host.request("/api/echo", headers=bearer(issuer) | forged).json()

    assert "forged" not in said.values()


@pytest.mark.parametrize(
    ("path", "status"), [("health", 200), ("echo", 401), ("guarded", 401), ("nothing", 401)]
)
def test_without_a_token_only_excluded_paths_answer(host: Host, path: str, status: int) -> None:
    """Everything but the paths that are named is refused, whether it exists or not."""
    assert host.request(f"/api/{path}").status_code == status


def test_a_key_is_still_asked_for(host: Host, issuer: Issuer) -> None:
    """A function with a key needs both."""
    assert host.request("/api/guarded", headers=bearer(issuer)).status_code == 401


@pytest.mark.parametrize("kind", ["principal", "application", "audience", "key", "text", "user"])
def test_others_are_refused(host: Host, issuer: Issuer, kind: str) -> None:
    """A token of another identity is 403; one that is not valid here is 401."""
    mixed = ManagedIdentity(GATEWAY.client_id, FUNCTIONS.object_id)
    headers, status = {
        "principal": (bearer(issuer, mixed), 403),
        "application": (bearer(issuer, FUNCTIONS), 403),
        "audience": (bearer(issuer, audience=API_AUDIENCE), 401),
        "key": (bearer(Issuer(TENANT, new_key())), 401),
        "text": ({"authorization": "Bearer hello"}, 401),
        "user": ({"authorization": f"Bearer {issuer.sign(issuer.user_claims('alice'))}"}, 401),
    }[kind]

    assert host.request("/api/echo", headers=headers).status_code == status


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the stack's configuration with one member changed."""
    document: dict[str, Any] = json.loads(json.dumps(AUTHENTICATION))
    *parents, name = path.split(".")
    member = document
    for parent in parents:
        member = member[parent]
    member[name] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("login", {}),
        ("platform.runtimeVersion", "~1"),
        ("globalValidation.unauthenticatedClientAction", "RedirectToLoginPage"),
        ("globalValidation.excludedPaths", "/api/health"),
        ("identityProviders.azureActiveDirectory.validation.jwtClaimChecks", {}),
        ("identityProviders.azureActiveDirectory.registration", {}),
        ("platform", None),
        ("platform.enabled", False),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, path: str, value: object) -> None:
    """A configuration with a member that the host does not have is an error, not a guess."""
    file = tmp_path / "authentication.json"
    file.write_text(json.dumps(changed(path, value)), encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"authentication\.json"):
        Authentication.from_file(file)
