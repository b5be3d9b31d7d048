"""Authentication policies: of the caller, and of the gateway at the backend."""

from __future__ import annotations

from azure_quantum_emulator.serving.token_validation import TokenError
from localdev.gateway.compiler import Compiler
from localdev.gateway.context import Token, joined
from localdev.gateway.exchange import Exchange, RefusedError, Run
from localdev.gateway.source import Element

UNAUTHENTICATED = 401


def validate_azure_ad_token(element: Element, compiler: Compiler) -> Run:
    """Refuse a request without a valid access token of the tenant for one of the audiences."""
    attributes = element.attributes
    header, variable = attributes["header-name"], attributes["output-token-variable-name"]
    status = int(attributes.get("failed-validation-httpcode", UNAUTHENTICATED))
    listed = element.child("audiences")
    audiences = [audience.text for audience in listed.children] if listed is not None else []
    validator = compiler.services.validator(attributes["tenant-id"], audiences)

    async def validate(exchange: Exchange) -> None:
        context = exchange.context
        scheme, _, text = (joined(context.request.headers, header) or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise RefusedError(status, "TokenNotFound", "JWT not present.")
        try:
            claims = await validator.validate(text.strip())
        except TokenError as error:
            raise RefusedError(status, error.reason, str(error)) from error
        context.variables[variable] = Token(claims)

    return validate


def authentication_managed_identity(element: Element, compiler: Compiler) -> Run:
    """Put a token of the gateway's managed identity into the Authorization header."""
    resource, client = element.attributes["resource"], element.attributes["client-id"]
    tokens = compiler.services.tokens

    async def authenticate(exchange: Exchange) -> None:
        token = await tokens.token(resource, client)
        exchange.context.request.headers["Authorization"] = f"Bearer {token}"

    return authenticate
