"""Table of all policies that the gateway supports."""

from __future__ import annotations

from collections.abc import Mapping

from localdev.gateway.compiler import Handler
from localdev.gateway.policies import (
    caching,
    cors,
    flow,
    forwarding,
    identities,
    limits,
    messages,
)

HANDLERS: Mapping[str, Handler] = {
    "authentication-managed-identity": identities.authentication_managed_identity,
    "cache-lookup-value": caching.cache_lookup_value,
    "cache-store-value": caching.cache_store_value,
    "choose": flow.choose,
    "cors": cors.cors,
    "forward-request": forwarding.forward_request,
    "limit-concurrency": limits.limit_concurrency,
    "rate-limit-by-key": limits.rate_limit_by_key,
    "return-response": flow.return_response,
    "set-backend-service": messages.set_backend_service,
    "set-body": messages.set_body,
    "set-header": messages.set_header,
    "set-variable": flow.set_variable,
    "validate-azure-ad-token": identities.validate_azure_ad_token,
}
"""Besides `base` and `include-fragment`, which are put in place by the compiler."""
