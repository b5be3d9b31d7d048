"""Identities instead of keys, link by link, with the SDKs and the adapters that are deployed."""

from __future__ import annotations

import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.identity import ManagedIdentityCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import BlobServiceClient

from azure_quantum_emulator.supervision import azurite
from emulator_support.patience import PATIENCE
from localdev.identity.directory import FUNCTIONS, GATEWAY, ManagedIdentity
from localdev.stack.endpoints import issuer_of, workspace_of
from localdev.stack.facts import StackFacts
from localdev.stack.keyless import VAULT_HOST, keyless_parts
from localdev.stack.part import Options, Profile
from localdev.stack.parts import identity_environment
from localdev.stack.stack import Stack
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.key_vault import SECRET, workspace_in_vault
from qjobs.adapters.workspace import connect

VAULT = f"https://{VAULT_HOST}/"
PARTS = ("identity", "storage", "workspace", "vault", "proxy")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start everything that the functions talk to."""
    options = Options(tmp_path_factory.mktemp("keyless"), profile=Profile.KEYLESS)

    with Stack(options, lambda options: keyless_parts(options)[: len(PARTS)]) as stack:
        assert tuple(stack.facts) == PARTS
        yield stack


@pytest.fixture
def facts(running: Stack, monkeypatch: pytest.MonkeyPatch) -> StackFacts:
    """Return where the parts are, in the environment that the functions have."""
    for name, value in identity_environment("functions", running.facts).items():
        monkeypatch.setenv(name, value)
    authority = running.log("storage").parents[1] / "tls" / "ca.pem"
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(authority))
    monkeypatch.setenv("HTTPS_PROXY", running.facts["proxy"]["url"])
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running.facts


def credential(identity: ManagedIdentity = FUNCTIONS) -> ManagedIdentityCredential:
    """Return the credential of an identity."""
    return ManagedIdentityCredential(client_id=identity.client_id)


class Forged:
    """A credential whose tokens nobody has signed who may."""

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """Return a token for the first of *scopes*."""
        expires = int(time.time()) + 3600
        claims = {"aud": scopes[0].removesuffix("/.default"), "exp": expires, "oid": "anybody"}
        return AccessToken(jwt.encode(claims, "x" * 32, algorithm="HS256"), expires)


async def test_the_vault_leads_to_the_workspace(facts: StackFacts) -> None:
    """Identity, vault, resource manager, workspace: each asks for a token of its own."""
    workspace = workspace_in_vault(VAULT, credential())
    assert (workspace.name, workspace.endpoint) == (facts["workspace"]["name"], None)

    targets = await AzureQuantumProvider(lambda: connect(workspace, credential())).targets()

    assert "ionq.simulator" in {target.id for target in targets}


def test_another_identity_may_not_read_the_secret(
    facts: StackFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A valid token of somebody without the role gets 403."""
    for name, value in identity_environment("gateway", facts).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(HttpResponseError, match="not authorized") as refused:
        workspace_in_vault(VAULT, credential(GATEWAY))
    assert refused.value.status_code == 403


@pytest.mark.usefixtures("facts")
def test_a_forged_token_reads_no_secret() -> None:
    """The vault checks who has signed."""
    with pytest.raises(ClientAuthenticationError, match="AKV10032"):
        workspace_in_vault(VAULT, Forged())


@pytest.mark.usefixtures("facts")
def test_a_secret_that_is_not_there_is_not_found() -> None:
    """Of another name, or of another version."""
    with SecretClient(VAULT, credential()) as client:
        assert json.loads(client.get_secret(SECRET).value or "")["location"] == "eastus"
        with pytest.raises(ResourceNotFoundError):
            client.get_secret("another")
        with pytest.raises(ResourceNotFoundError):
            client.get_secret(SECRET, "0" * 32)


@pytest.mark.usefixtures("facts")
def test_nobody_is_trusted_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the authority's certificate the vault is not talked to."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    with (
        SecretClient(VAULT, credential(), retry_total=0) as client,
        pytest.raises(ServiceRequestError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get_secret(SECRET)


def test_the_workspace_takes_signed_tokens_alone(facts: StackFacts) -> None:
    """No key opens it, no forged token, and the resource manager says that there are no keys."""
    workspace, access = facts["workspace"], workspace_of(facts)
    path = (
        f"/subscriptions/{workspace['subscriptionId']}/resourceGroups/{workspace['resourceGroup']}"
        f"/providers/Microsoft.Quantum/workspaces/{workspace['name']}"
    )
    forged = Forged().get_token("https://quantum.microsoft.com/.default").token

    with httpx.Client(base_url=access.url, trust_env=False, timeout=PATIENCE) as client:
        known = client.get(path, headers=access.headers)
        refused: list[dict[str, str]] = [
            {},
            {"x-ms-quantum-api-key": ""},
            {"x-ms-quantum-api-key": "None"},
            {"authorization": f"Bearer {forged}"},
        ]
        for headers in refused:
            assert client.get(path, headers=headers).status_code == 401
    assert "apiKey" not in workspace
    assert known.json()["properties"]["apiKeyEnabled"] is False


def test_a_token_for_the_vault_opens_no_workspace(facts: StackFacts) -> None:
    """A token is for one service."""
    issuer = issuer_of(facts)
    token = issuer.sign(issuer.managed_identity_claims(FUNCTIONS, "https://vault.azure.net"))

    answer = httpx.get(
        f"{facts['workspace']['url']}emulator/jobs",
        headers={"authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=PATIENCE,
    )
    assert answer.status_code == 401


def test_the_key_that_everybody_knows_opens_no_storage(facts: StackFacts) -> None:
    """Azurite's documented key is not this account's; a token is enough."""
    url = facts["storage"]["blobServiceUri"]
    with (
        BlobServiceClient(url, credential=azurite.ACCOUNT_KEY) as client,
        pytest.raises(ClientAuthenticationError),
    ):
        client.create_container("stolen")
    with BlobServiceClient(url, credential=credential()) as client:
        names = [one.name for one in client.list_containers()]
    assert "stolen" not in names


def test_a_delegated_key_signs_addresses(facts: StackFacts) -> None:
    """The workspace signs without the account's key, and such an address opens one container."""
    workspace = connect(workspace_in_vault(VAULT, credential()), credential())

    container = workspace.get_container_uri(job_id="one")

    assert parse_qs(urlsplit(container).query).keys() >= {"skoid", "sktid", "sig"}
    trust = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    with httpx.Client(verify=trust, timeout=PATIENCE) as client:
        listing = "&restype=container&comp=list"
        assert client.get(container + listing).status_code == 200
        assert client.get(container.replace("-one", "-two") + listing).status_code == 403


def test_a_name_that_no_server_has_is_refused(running: Stack, facts: StackFacts) -> None:
    """What would reach the real Azure is refused, and logged."""
    with pytest.raises(httpx.ProxyError, match="403"):
        httpx.get(
            "https://login.microsoftonline.com/",
            proxy=facts["proxy"]["url"],
            trust_env=False,
            timeout=PATIENCE,
        )
    assert "Refused login.microsoftonline.com" in running.log("proxy").read_text()


@pytest.mark.parametrize(
    "request_text", ["GET http://example.org/ HTTP/1.1", "CONNECT management.azure.com:80 HTTP/1.1"]
)
def test_the_proxy_connects_to_port_443_alone(facts: StackFacts, request_text: str) -> None:
    """Anything but a connection to port 443 is refused."""
    port = urlsplit(facts["proxy"]["url"]).port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(f"{request_text}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 403 ")
