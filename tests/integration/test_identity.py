"""The issuer of tokens as a process: what its clients see is what they would see on Azure."""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import ManagedIdentityCredential

from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator
from emulator_support.patience import PATIENCE
from localdev.identity.directory import (
    API_AUDIENCE,
    API_CLIENT_ID,
    FUNCTIONS,
    FUNCTIONS_AUDIENCE,
    GATEWAY,
    TENANT,
)
from localdev.identity.tokens import Claims, Issuer, new_key
from localdev.stack.endpoints import issuer_of
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options
from localdev.stack.parts import Identity
from localdev.stack.stack import Stack

OTHER_TENANT = "7e4a1f00-0000-4000-8000-00000000000f"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackFacts]:
    """Start the issuer alone."""
    options = Options(tmp_path_factory.mktemp("identity"))
    with Stack(options, parts=lambda options: [Identity(options)]) as stack:
        yield stack.facts


@pytest.fixture
def issuer(facts: StackFacts) -> Issuer:
    """Return the issuer, able to sign."""
    return issuer_of(facts)


@pytest.fixture
def validator(facts: StackFacts) -> TokenValidator:
    """Return what the gateway validates the API's tokens with."""
    base = f"{facts['identity']['url']}{TENANT}"
    documents = [f"{base}/{version}.well-known/openid-configuration" for version in ("v2.0/", "")]
    return TokenValidator(documents, [API_CLIENT_ID, API_AUDIENCE])


def token(issuer: Issuer, version: str = "2.0", **claims: object) -> str:
    """Return a token of alice's with some claims changed."""
    return issuer.sign(issuer.user_claims("alice", version=version) | claims)


def unsigned(claims: Claims) -> str:
    """Return a token that says it needs no signature."""
    return jwt.encode(claims, "", algorithm="none")


def with_public_key_as_secret(issuer: Issuer, claims: Claims) -> str:
    """Return a token signed with what everybody knows, as if it were a shared secret."""
    public = jwt.PyJWK(issuer.public_jwk()).key.public_numbers().n
    secret = public.to_bytes(256, "big")
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": issuer.key_id})


@pytest.mark.parametrize("version", ["1.0", "2.0"])
async def test_a_token_of_either_version_is_valid(
    issuer: Issuer, validator: TokenValidator, version: str
) -> None:
    """Tokens of v1 and v2 are told apart by their claims, and both are accepted."""
    claims = await validator.validate(token(issuer, version))

    assert (claims["ver"], claims["tid"]) == (version, TENANT)
    assert claims["aud"] == {"1.0": API_AUDIENCE, "2.0": API_CLIENT_ID}[version]
    assert claims["iss"].startswith(
        {"1.0": "https://sts.windows.net/", "2.0": "https://login.microsoftonline.com/"}[version]
    )


def bad_tokens(issuer: Issuer) -> dict[str, tuple[str, str]]:
    """Return tokens that are not valid, with API Management's reason."""
    now = int(time.time())
    claims = issuer.user_claims("alice")
    forger = Issuer(TENANT, new_key())
    return {
        "wrong audience": (token(issuer, aud=FUNCTIONS_AUDIENCE), "TokenAudienceNotAllowed"),
        "no audience": (token(issuer, aud=None), "TokenClaimNotFound"),
        "wrong issuer": (token(issuer, iss="https://evil.example.com"), "TokenIssuerNotAllowed"),
        "issuer of another tenant": (
            token(issuer, iss=f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"),
            "TokenIssuerNotAllowed",
        ),
        "expired": (token(issuer, exp=now - 1), "TokenExpired"),
        "never expires": (
            issuer.sign({k: v for k, v in claims.items() if k != "exp"}),
            "TokenClaimNotFound",
        ),
        "not yet valid": (token(issuer, nbf=now + 60), "TokenNotYetValid"),
        "another key": (forger.sign(claims), "TokenSignatureInvalid"),
        "another key of the same name": (
            jwt.encode(claims, forger.key, algorithm="RS256", headers={"kid": issuer.key_id}),
            "TokenSignatureInvalid",
        ),
        "no signature": (unsigned(claims), "TokenSignatureInvalid"),
        "a shared secret": (with_public_key_as_secret(issuer, claims), "TokenSignatureInvalid"),
        "cut off": (token(issuer)[:-10], "TokenSignatureInvalid"),
        "no token": ("hello", "TokenSignatureInvalid"),
        "nothing": ("", "TokenSignatureInvalid"),
    }


KINDS = sorted(bad_tokens(Issuer(TENANT, new_key())))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_bad_token_is_refused_with_the_reason(
    issuer: Issuer, validator: TokenValidator, kind: str
) -> None:
    """Whatever is wrong with a token, it is refused in API Management's words."""
    bad, reason = bad_tokens(issuer)[kind]

    with pytest.raises(TokenError) as refused:
        await validator.validate(bad)
    assert refused.value.reason == reason
    assert len(bad) < 5 or bad not in str(refused.value)


async def test_an_issuer_that_does_not_answer_admits_nobody(issuer: Issuer) -> None:
    """Without keys no token is valid."""
    validator = TokenValidator(["http://127.0.0.1:9/nothing"], [API_CLIENT_ID])

    with pytest.raises(TokenError):
        await validator.validate(token(issuer))


def test_another_tenant_has_no_metadata(facts: StackFacts) -> None:
    """Only the tenant of the laptop is known."""
    url = f"{facts['identity']['url']}{OTHER_TENANT}/v2.0/.well-known/openid-configuration"

    assert httpx.get(url, timeout=PATIENCE).status_code == 400


def test_standard_clients_find_the_keys(facts: StackFacts, issuer: Issuer) -> None:
    """A client of OpenID Connect gets from the metadata to the key of a token."""
    base = f"{facts['identity']['url']}{TENANT}"
    metadata = httpx.get(f"{base}/v2.0/.well-known/openid-configuration", timeout=PATIENCE).json()

    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token(issuer))

    claims = jwt.decode(token(issuer), key, audience=API_CLIENT_ID, issuer=metadata["issuer"])
    assert claims["name"] == "alice"


def test_only_the_owner_can_sign(facts: StackFacts) -> None:
    """The private key is in a file that nobody else may read, and not in any answer."""
    file = Path(facts["identity"]["signingKeyFile"])

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys = httpx.get(
        f"{facts['identity']['url']}{TENANT}/discovery/v2.0/keys", timeout=PATIENCE
    ).json()["keys"]
    assert [set(key) & {"d", "p", "q"} for key in keys] == [set()]


def test_the_place_of_the_key_is_not_prepared_by_others(tmp_path: Path) -> None:
    """A file that lies where the key belongs does not decide who may read the key."""
    left = tmp_path / "identity" / "signing-key.pem"
    left.parent.mkdir()
    left.touch(mode=0o644)

    options = Options(tmp_path)
    with Stack(options, parts=lambda options: [Identity(options)]) as stack:
        file = Path(stack.facts["identity"]["signingKeyFile"])

        assert file.samefile(left)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture
def platform(facts: StackFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be an app that has the gateway's identity."""
    identity = facts["identity"]
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{identity['url']}msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", identity["identityHeaders"]["gateway"])


@pytest.mark.usefixtures("platform")
async def test_a_managed_identity_gets_a_token(issuer: Issuer) -> None:
    """The unmodified credential of Azure Identity gets a v1 token of the identity."""
    async with ManagedIdentityCredential(client_id=GATEWAY.client_id) as credential:
        given = await credential.get_token(f"{FUNCTIONS_AUDIENCE}/.default")

    key = issuer.key.public_key()
    claims: dict[str, Any] = jwt.decode(
        given.token, key, algorithms=["RS256"], audience=FUNCTIONS_AUDIENCE
    )
    assert (claims["oid"], claims["appid"]) == (GATEWAY.object_id, GATEWAY.client_id)
    assert claims["idtyp"] == "app"
    assert given.expires_on == claims["exp"]


@pytest.mark.usefixtures("platform")
async def test_the_identity_of_another_host_cannot_be_had() -> None:
    """An app gets tokens of the identities assigned to its host alone."""
    async with ManagedIdentityCredential(client_id=FUNCTIONS.client_id) as credential:
        with pytest.raises(ClientAuthenticationError):
            await credential.get_token(f"{FUNCTIONS_AUDIENCE}/.default")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"x-identity-header": "wrong"}, 401),
        ({"x-identity-header": ""}, 401),
        ({"resource": ""}, 400),
        ({"client_id": "unknown"}, 400),
        ({"api-version": "2018-02-01"}, 400),
    ],
)
def test_an_app_has_to_ask_rightly(facts: StackFacts, change: dict[str, str], status: int) -> None:
    """Without the host's secret, or with a wrong parameter, there is no token."""
    asked = {
        "x-identity-header": facts["identity"]["identityHeaders"]["gateway"],
        "api-version": "2019-08-01",
        "resource": FUNCTIONS_AUDIENCE,
        "client_id": GATEWAY.client_id,
    } | change
    header = {"x-identity-header": asked.pop("x-identity-header")}

    answer = httpx.get(
        f"{facts['identity']['url']}msi/token", params=asked, headers=header, timeout=PATIENCE
    )

    assert answer.status_code == status
    assert "access_token" not in answer.json()


async def test_keys_are_fetched_once(
    issuer: Issuer, validator: TokenValidator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Valid tokens, and bad ones of unknown keys, do not make the issuer busy."""
    await validator.validate(token(issuer))
    fetched: list[str] = []

    async def count(url: str) -> None:
        fetched.append(url)

    monkeypatch.setattr("azure_quantum_emulator.serving.token_validation._fetch", count)
    forged = token(Issuer(TENANT, new_key()))
    tries = [validator.validate(one) for one in [token(issuer), forged, forged]]
    await asyncio.gather(*tries, return_exceptions=True)

    assert not fetched
