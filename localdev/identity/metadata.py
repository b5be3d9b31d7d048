"""OpenID configuration of a tenant: where clients find keys and endpoints."""

from __future__ import annotations

from typing import Any


def openid_configuration(issuer: str, tenant_url: str) -> dict[str, Any]:
    """Return the metadata document.

    Args:
        issuer: the claim `iss` of the tokens
        tenant_url: address of the tenant on its issuer, without a slash at the end

    """
    return {
        "issuer": issuer,
        "jwks_uri": f"{tenant_url}/discovery/v2.0/keys",
        "authorization_endpoint": f"{tenant_url}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant_url}/oauth2/v2.0/token",
        "end_session_endpoint": f"{tenant_url}/oauth2/v2.0/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["fragment"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "subject_types_supported": ["pairwise"],
    }
