"""An issuer of tokens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "https://quantum.microsoft.com"


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens with a key of its own."""

    name: str = "https://issuer.example/v2.0"
    key_id: str = "key"
    _key: rsa.RSAPrivateKey = field(default_factory=_new_key)

    def public_jwk(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key."""
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "use": "sig", "alg": "RS256"}

    def token(self, **claims: object) -> str:
        """Return a token of alice's with some claims changed."""
        valid = {"aud": AUDIENCE, "iss": self.name, "exp": int(time.time()) + 3600, "name": "alice"}
        headers = {"kid": self.key_id}
        return jwt.encode(valid | claims, self._key, algorithm="RS256", headers=headers)
