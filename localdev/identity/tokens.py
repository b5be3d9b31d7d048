"""Access tokens in the formats of Entra ID, versions 1.0 and 2.0.

Source of the claims: Microsoft's access token claims reference, for versions 1.0 and 2.0.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from localdev.identity.directory import (
    API_AUDIENCE,
    API_CLIENT_ID,
    CLI_CLIENT_ID,
    ROLES,
    SCOPES,
    ManagedIdentity,
    object_id,
)

LIFETIME = 3600
"""Seconds for which a token is valid."""
type Claims = dict[str, Any]

ISSUERS = {
    "1.0": "https://sts.windows.net/{tenant}/",
    "2.0": "https://login.microsoftonline.com/{tenant}/v2.0",
}


def new_key() -> rsa.RSAPrivateKey:
    """Generate a signing key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Token issuer: signs access tokens of one tenant with one key."""

    tenant: str
    key: rsa.RSAPrivateKey

    @classmethod
    def from_pem(cls, tenant: str, pem: bytes) -> Issuer:
        """Return the issuer whose private key is *pem*.

        Raises:
            ValueError: there is none.
            TypeError: it is no RSA key.

        """
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("an issuer signs with an RSA key")
        return cls(tenant, key)

    @property
    def pem(self) -> bytes:
        """The private key in PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def key_id(self) -> str:
        """Key id (`kid`) of the public key."""
        return f"{self.key.public_key().public_numbers().n:x}"[:24]

    def public_jwk(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key."""
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "use": "sig", "alg": "RS256"}

    def issuer(self, version: str) -> str:
        """Return the claim `iss` of tokens of a version."""
        return ISSUERS[version].format(tenant=self.tenant)

    def user_claims(
        self, caller: str, scopes: Sequence[str] = SCOPES, version: str = "2.0"
    ) -> Claims:
        """Return the claims of a token for a user, with delegated permissions (scopes)."""
        own = {
            "name": caller,
            "preferred_username" if version == "2.0" else "unique_name": f"{caller}@example.com",
            "scp": " ".join(scopes),
            "sub": object_id(f"{caller}@api"),
        }
        return self._claims(object_id(caller), version) | own

    def page_claims(self, caller: str, scopes: Sequence[str], client_id: str) -> Claims:
        """Return the claims of an access token that a user has for a client in a browser."""
        return self.user_claims(caller, scopes) | {"azp": client_id}

    def id_claims(self, caller: str, client_id: str, nonce: str) -> Claims:
        """Return the claims of an ID token, which tells a client who signed in."""
        claims = self.user_claims(caller)
        for of_access in ("azp", "azpacr", "scp"):
            del claims[of_access]
        own = {"aud": client_id, "sub": object_id(f"{caller}@{client_id}")}
        return claims | own | ({"nonce": nonce} if nonce else {})

    def application_claims(
        self, caller: str, roles: Sequence[str] = ROLES, version: str = "2.0"
    ) -> Claims:
        """Return the claims of a token for an application, with application permissions (roles)."""
        holder = object_id(caller)
        return self._claims(holder, version) | {
            "idtyp": "app",
            "roles": list(roles),
            "sub": holder,
        }

    def managed_identity_claims(self, identity: ManagedIdentity, resource: str) -> Claims:
        """Return the claims of a token of a managed identity for a resource."""
        return self._claims(identity.object_id, "1.0") | {
            "aud": resource,
            "appid": identity.client_id,
            "appidacr": "2",
            "idtyp": "app",
            "sub": identity.object_id,
        }

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return a signed token with *claims*."""
        return jwt.encode(dict(claims), self.key, algorithm="RS256", headers={"kid": self.key_id})

    def _claims(self, holder: str, version: str) -> Claims:
        now = int(time.time())
        v2 = version == "2.0"
        return {
            "aud": API_CLIENT_ID if v2 else API_AUDIENCE,
            "iss": self.issuer(version),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "azp" if v2 else "appid": CLI_CLIENT_ID,
            "azpacr" if v2 else "appidacr": "0",
            "oid": holder,
            "tid": self.tenant,
            "uti": secrets.token_urlsafe(16),
            "ver": version,
        }
