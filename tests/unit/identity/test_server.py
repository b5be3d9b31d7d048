from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import jwt
import pytest

from localdev.identity.directory import FUNCTIONS, GATEWAY, TENANT, ManagedIdentity
from localdev.identity.server import Host, application
from localdev.identity.tokens import Issuer, new_key

ISSUER = Issuer(TENANT, new_key())
RESOURCE = "https://storage.azure.com"
OTHER = ManagedIdentity("other-client", "other-object")


def host(secret: str, identity: ManagedIdentity) -> Host:
    """Return a host with one identity."""
    return Host(secret, {identity.client_id: identity})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of an issuer where one secret opens two identities, another one a third."""
    hosts = [host("mine", GATEWAY), host("mine", FUNCTIONS), host("theirs", OTHER)]
    transport = httpx.ASGITransport(application(ISSUER, hosts))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:7073") as http:
        yield http


async def ask(
    client: httpx.AsyncClient, secret: str | None, identity: ManagedIdentity
) -> httpx.Response:
    """Ask for a token of an identity."""
    query = {"api-version": "2019-08-01", "resource": RESOURCE, "client_id": identity.client_id}
    headers = {} if secret is None else {"x-identity-header": secret}
    return await client.get("/msi/token", params=query, headers=headers)


@pytest.mark.parametrize(
    ("secret", "identity", "status"),
    [
        ("mine", GATEWAY, 200),
        ("mine", FUNCTIONS, 200),
        ("mine", OTHER, 400),
        ("theirs", OTHER, 200),
        ("theirs", GATEWAY, 400),
        ("Mine", GATEWAY, 401),
        ("min", GATEWAY, 401),
        (None, GATEWAY, 401),
    ],
)
async def test_the_secret_decides_which_identities_may_be_had(
    client: httpx.AsyncClient, secret: str | None, identity: ManagedIdentity, status: int
) -> None:
    """A secret opens every identity given with it, and no other."""
    assert (await ask(client, secret, identity)).status_code == status


async def test_an_identity_is_not_mistaken_for_another(client: httpx.AsyncClient) -> None:
    """The token is of the identity that was asked for, signed with the published key."""
    answer = (await ask(client, "mine", FUNCTIONS)).json()

    key = ISSUER.key.public_key()
    claims = jwt.decode(answer["access_token"], key, algorithms=["RS256"], audience=RESOURCE)
    assert claims["oid"] == FUNCTIONS.object_id
    assert answer["expires_on"] == str(claims["exp"])
    assert answer["resource"] == RESOURCE


@pytest.mark.parametrize(
    ("path", "version"),
    [
        (f"/{TENANT}/v2.0/.well-known/openid-configuration", "2.0"),
        (f"/{TENANT}/.well-known/openid-configuration", "1.0"),
    ],
)
async def test_metadata_names_entra_and_has_the_keys_here(
    client: httpx.AsyncClient, path: str, version: str
) -> None:
    """The issuer is Entra's for the version; the keys are at this process's own address."""
    document = (await client.get(path)).json()

    assert document["issuer"] == ISSUER.issuer(version)
    assert document["jwks_uri"].startswith("http://127.0.0.1:7073/")
    assert (await client.get(document["jwks_uri"])).json() == {"keys": [ISSUER.public_jwk()]}


@pytest.mark.parametrize("path", ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"])
async def test_another_tenant_is_unknown(client: httpx.AsyncClient, path: str) -> None:
    """Neither metadata nor keys are there for a tenant that is not."""
    assert (await client.get(f"/another/{path}")).status_code == 400


@pytest.mark.parametrize("path", ["oauth2/v2.0/token", "oauth2/token", "oauth2/v2.0/authorize"])
async def test_nobody_gets_a_callers_token(client: httpx.AsyncClient, path: str) -> None:
    """Whoever wants to be a person has to be able to read the signing key."""
    credentials = {"grant_type": "client_credentials", "client_id": GATEWAY.client_id}

    assert (await client.post(f"/{TENANT}/{path}", data=credentials)).status_code == 404
