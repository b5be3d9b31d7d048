"""Authorization and end-session endpoints: a user signs in and out in a browser.

Source: RFC 6749 (4.1), RFC 7636, OpenID Connect Core 1.0, and Microsoft's page "OAuth 2.0
authorization code flow". No session is kept: whoever comes is asked for a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localdev.identity.grants import Grant, Grants
from localdev.identity.html_pages import error_page, sign_in_page, signed_out_page
from localdev.identity.page_client import PageClient
from localdev.identity.refusals import RefusedError, parameter, unknown_client, unknown_tenant
from localdev.identity.scopes import asked_scopes

_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_WRONG_NAME = (
    "A name has up to 64 letters, digits, dots, hyphens and underscores, "
    "and begins with a letter or a digit."
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign-in and sign-out of users of the page in one tenant."""

    tenant: str
    client: PageClient
    grants: Grants

    async def authorize(self, request: Request) -> Response:
        """Show the form; when it is posted, lead to the page with an authorization code."""
        asked = dict(request.query_params)
        try:
            redirect_uri = self._redirect_uri(request.path_params["tenant"], asked)
        except RefusedError as refused:
            return error_page(str(refused))
        # From here on the page is known, and is told itself what is wrong.
        state = {"state": asked["state"]} if "state" in asked else {}
        try:
            scopes, challenge = _checked(asked)
        except RefusedError as refused:
            about = {"error": refused.error, "error_description": str(refused)}
            return _to_page(redirect_uri, about | state)
        if request.method != "POST":
            hint = asked.get("login_hint", "").partition("@")[0]
            return sign_in_page(hint, "", self.client.origin)
        user = dict(parse_qsl((await request.body()).decode(errors="replace"))).get("user", "")
        user = user.strip()
        if not _USER.fullmatch(user):
            return sign_in_page(user[:64], _WRONG_NAME, self.client.origin)
        grant = Grant(
            client_id=self.client.client_id,
            user=user,
            scopes=scopes,
            nonce=asked.get("nonce", ""),
            redirect_uri=redirect_uri,
            challenge=challenge,
        )
        return _to_page(redirect_uri, {"code": self.grants.new_code(grant)} | state)

    def log_out(self, request: Request) -> Response:
        """Lead to a registered address of the page; to any other one there is no way."""
        asked = request.query_params
        address = asked.get("post_logout_redirect_uri", "")
        tenant = request.path_params["tenant"]
        if tenant != self.tenant:
            return error_page(str(unknown_tenant(tenant)))
        if address not in self.client.redirect_uris:
            return signed_out_page()
        state = f"?{urlencode({'state': asked['state']})}" if "state" in asked else ""
        return RedirectResponse(f"{address}{state}", HTTPStatus.SEE_OTHER)

    def _redirect_uri(self, tenant: str, asked: dict[str, str]) -> str:
        """Return the address that a request names, if it is one that the page has.

        Raises:
            RefusedError: it is not, or tenant or client are not known.

        """
        if tenant != self.tenant:
            raise unknown_tenant(tenant)
        client_id = parameter(asked, "client_id")
        if client_id != self.client.client_id:
            raise unknown_client(client_id)
        redirect_uri = parameter(asked, "redirect_uri")
        if redirect_uri not in self.client.redirect_uris:
            detail = (
                f"The redirect URI '{redirect_uri[:200]}' specified in the request does not match "
                f"the redirect URIs configured for the application '{client_id}'."
            )
            raise RefusedError("invalid_request", 50011, detail)
        return redirect_uri


def _checked(asked: dict[str, str]) -> tuple[tuple[str, ...], str]:
    """Return the scopes and the code challenge of a request.

    Raises:
        RefusedError: something is missing or not understood, or nothing may be shown.

    """
    if parameter(asked, "response_type") != "code":
        detail = "The response_type is not enabled for the application: it is 'code'."
        raise RefusedError("unsupported_response_type", 700054, detail)
    if asked.get("response_mode") != "fragment":
        detail = "The response_mode of a single-page application is 'fragment'."
        raise RefusedError("invalid_request", 90014, detail)
    method, challenge = asked.get("code_challenge_method"), asked.get("code_challenge", "")
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        detail = (
            "Proof Key for Code Exchange is required for cross-origin authorization code "
            "redemption, with a code_challenge by the method S256."
        )
        raise RefusedError("invalid_request", 9002325, detail)
    scopes = asked_scopes(parameter(asked, "scope"))
    if asked.get("prompt") == "none":
        detail = "A silent sign-in request was sent but no user is signed in."
        raise RefusedError("login_required", 50058, detail)
    return scopes, challenge


def _to_page(redirect_uri: str, parameters: Mapping[str, str]) -> Response:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    address = f"{redirect_uri}#{urlencode(parameters)}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers)
