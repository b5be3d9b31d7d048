from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from localdev.identity.directory import API_AUDIENCE, API_CLIENT_ID, CLI_CLIENT_ID, GATEWAY, TENANT
from localdev.identity.tokens import LIFETIME, Issuer, new_key

ISSUER = Issuer(TENANT, new_key())


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (
            "1.0",
            {
                "aud": API_AUDIENCE,
                "iss": f"https://sts.windows.net/{TENANT}/",
                "appid": CLI_CLIENT_ID,
                "appidacr": "0",
                "unique_name": "alice@example.com",
                "ver": "1.0",
            },
        ),
        (
            "2.0",
            {
                "aud": API_CLIENT_ID,
                "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
                "azp": CLI_CLIENT_ID,
                "azpacr": "0",
                "preferred_username": "alice@example.com",
                "ver": "2.0",
            },
        ),
    ],
)
def test_the_versions_name_their_claims_differently(version: str, expected: dict[str, str]) -> None:
    """Audience, issuer, client and name of a token are where its version has them."""
    claims = ISSUER.user_claims("alice", version=version)

    assert claims.items() >= expected.items()
    others = {"1.0": {"azp", "azpacr", "preferred_username"}, "2.0": {"appid", "appidacr"}}
    assert not claims.keys() & others[version]


def test_a_persons_token_has_scopes_as_one_text() -> None:
    """Scopes are separated by blanks, and a person has no roles."""
    claims = ISSUER.user_claims("alice", ["jobs.read", "jobs.submit"])

    assert claims["scp"] == "jobs.read jobs.submit"
    assert not claims.keys() & {"roles", "idtyp"}


def test_an_applications_token_has_roles_as_a_list() -> None:
    """An application acts for itself: it has roles, no scopes, and is its own subject."""
    claims = ISSUER.application_claims("nightly", ["jobs.reader"])

    assert claims["roles"] == ["jobs.reader"]
    assert claims["idtyp"] == "app"
    assert claims["sub"] == claims["oid"]
    assert "scp" not in claims


def test_a_managed_identity_asks_for_a_resource_as_it_is() -> None:
    """The audience is the resource with the slash it has, and the token is of version 1.0."""
    claims = ISSUER.managed_identity_claims(GATEWAY, "https://vault.azure.net/")

    assert claims["aud"] == "https://vault.azure.net/"
    assert claims["ver"] == "1.0"
    assert claims["sub"] == claims["oid"] == GATEWAY.object_id
    assert claims["appid"] == GATEWAY.client_id


def test_a_caller_is_always_the_same() -> None:
    """The name decides the object id, in tokens of every kind and version."""
    alice = {ISSUER.user_claims("alice", version=version)["oid"] for version in ("1.0", "2.0")}
    bob = ISSUER.user_claims("bob")["oid"]

    assert len(alice) == 1
    assert bob not in alice


def test_a_token_lasts_an_hour() -> None:
    """A token is valid from the moment it is made until its lifetime is over."""
    claims = ISSUER.user_claims("alice")

    assert claims["iat"] == claims["nbf"] == claims["exp"] - LIFETIME


def test_no_two_tokens_are_the_same() -> None:
    """Each token has an id of its own."""
    assert ISSUER.user_claims("alice")["uti"] != ISSUER.user_claims("alice")["uti"]


def test_the_key_can_be_kept() -> None:
    """An issuer made from the private key of another publishes the same key."""
    assert Issuer.from_pem(TENANT, ISSUER.pem).public_jwk() == ISSUER.public_jwk()


def test_two_keys_have_two_names() -> None:
    """A key is found by its name among others."""
    assert Issuer(TENANT, new_key()).key_id != ISSUER.key_id


def test_the_public_key_is_public_only() -> None:
    """What is published has no part of the private key."""
    assert set(ISSUER.public_jwk()) - {"key_ops"} == {"kty", "n", "e", "kid", "use", "alg"}


def test_another_kind_of_key_is_refused() -> None:
    """An issuer signs with RSA, as its metadata says."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    with pytest.raises(TypeError):
        Issuer.from_pem(TENANT, pem)
    with pytest.raises(ValueError, match="PEM"):
        Issuer.from_pem(TENANT, b"no key")
