"""Token endpoint of the page: authorization codes and refresh tokens become access tokens.

Source: RFC 6749 (4.1.3, 5, 6), and Microsoft's page "OAuth 2.0 authorization code flow".
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localdev.identity.directory import object_id
from localdev.identity.grants import Grant, Grants
from localdev.identity.page_client import PageClient
from localdev.identity.refusals import RefusedError, parameter, unknown_client, unknown_tenant
from localdev.identity.scopes import api_scopes, asked_scopes, granted_scope
from localdev.identity.tokens import LIFETIME, Issuer


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Token endpoint for scripts of the origin of the page."""

    issuer: Issuer
    client: PageClient
    grants: Grants

    async def token(self, request: Request) -> Response:
        """Return tokens, or an error of OAuth 2.0 with 400."""
        origin = request.headers.get("origin")
        headers = {"Cache-Control": "no-store", "Vary": "Origin"}
        if origin == self.client.origin:
            headers["Access-Control-Allow-Origin"] = origin
        # Not by `request.form`, which takes one package more.
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        try:
            content = self._tokens(request.path_params["tenant"], origin, form)
        except RefusedError as refused:
            error = {
                "error": refused.error,
                "error_description": str(refused),
                "error_codes": [refused.number],
            }
            return JSONResponse(error, HTTPStatus.BAD_REQUEST, headers)
        return JSONResponse(content, headers=headers)

    def _tokens(self, tenant: str, origin: str | None, form: dict[str, str]) -> dict[str, Any]:
        """Return the content of a response with tokens.

        Raises:
            RefusedError: there are none for this request.

        """
        if tenant != self.issuer.tenant:
            raise unknown_tenant(tenant)
        client_id = parameter(form, "client_id")
        if client_id != self.client.client_id:
            raise unknown_client(client_id)
        if origin != self.client.origin:
            detail = (
                "Tokens issued for the 'Single-Page Application' client-type may only be redeemed "
                "via cross-origin requests, from the origin of a redirect URI."
            )
            raise RefusedError("invalid_request", 9002327, detail)
        kind = parameter(form, "grant_type")
        if kind == "authorization_code":
            code, verifier = parameter(form, "code"), parameter(form, "code_verifier")
            redirect_uri = parameter(form, "redirect_uri")
            grant = self.grants.redeem_code(code, client_id, redirect_uri, verifier)
            return self._content(grant, self.grants.new_refresh_token(grant))
        if kind == "refresh_token":
            asked = asked_scopes(form["scope"]) if "scope" in form else None
            given = parameter(form, "refresh_token")
            grant, until = self.grants.redeem_refresh_token(given, client_id)
            renewed = replace(grant, nonce="", scopes=asked or grant.scopes)
            if not set(api_scopes(renewed.scopes)) <= set(api_scopes(grant.scopes)):
                detail = "The user has not consented to all scopes that are asked for."
                raise RefusedError("invalid_grant", 65001, detail)
            return self._content(renewed, self.grants.new_refresh_token(grant, until))
        detail = f"The app requested an unsupported grant type '{kind[:64]}'."
        raise RefusedError("unsupported_grant_type", 70003, detail)

    def _content(self, grant: Grant, refresh_token: str) -> dict[str, Any]:
        issuer, scopes = self.issuer, api_scopes(grant.scopes)
        access = issuer.page_claims(grant.user, scopes, grant.client_id)
        identity = issuer.id_claims(grant.user, grant.client_id, grant.nonce)
        account = json.dumps({"uid": object_id(grant.user), "utid": issuer.tenant})
        return {
            "token_type": "Bearer",
            "scope": granted_scope(grant.scopes),
            "expires_in": LIFETIME,
            "access_token": issuer.sign(access),
            "refresh_token": refresh_token,
            "id_token": issuer.sign(identity),
            "client_info": base64.urlsafe_b64encode(account.encode()).rstrip(b"=").decode(),
        }
