"""The page at the issuer: its requests for codes and tokens, as its library sends them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import httpx
import jwt

from localdev.identity.directory import API_CLIENT_ID, PAGE_CLIENT_ID, TENANT
from localdev.identity.grants import challenge_of
from localdev.identity.tokens import Issuer, new_key

ISSUER = Issuer(TENANT, new_key())
PAGE = "http://127.0.0.1:7077"
REDIRECT = f"{PAGE}/redirect.html"
BASE = f"/{TENANT}/oauth2/v2.0"
VERIFIER = "v" * 43
ASKED = {
    "client_id": PAGE_CLIENT_ID,
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "response_mode": "fragment",
    "scope": "api://qjobs/jobs.read api://qjobs/jobs.submit openid profile offline_access",
    "state": "the state = & of the page",
    "nonce": "the nonce",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


def without(*names: str) -> dict[str, str]:
    """Return the page's request without some of its parameters."""
    return {name: value for name, value in ASKED.items() if name not in names}


def fragment(answer: httpx.Response) -> dict[str, str]:
    """Return what a redirect to the page tells it."""
    address, _, told = answer.headers["location"].partition("#")
    assert (answer.status_code, address) == (303, REDIRECT)
    return dict(parse_qsl(told))


async def sign_in(client: httpx.AsyncClient, user: str = "alice", **changed: str) -> dict[str, str]:
    """Post the form; return what the page is told."""
    asked = ASKED | changed
    return fragment(await client.post(f"{BASE}/authorize", params=asked, data={"user": user}))


async def redeem(
    client: httpx.AsyncClient, form: dict[str, str], origin: str | None = PAGE, tenant: str = TENANT
) -> httpx.Response:
    """Ask the token endpoint as the page does."""
    headers = {} if origin is None else {"origin": origin}
    own = {"client_id": PAGE_CLIENT_ID} | form
    return await client.post(f"/{tenant}/oauth2/v2.0/token", data=own, headers=headers)


def code_form(code: str) -> dict[str, str]:
    """Return the form with which the page redeems a code."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }


async def tokens(client: httpx.AsyncClient, user: str = "alice", **changed: str) -> dict[str, Any]:
    """Sign in and redeem the code."""
    answer = await redeem(client, code_form((await sign_in(client, user, **changed))["code"]))
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def claims(token: str, audience: str = API_CLIENT_ID) -> dict[str, Any]:
    """Return the claims of a token that the issuer has signed."""
    key = ISSUER.key.public_key()
    found: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience)
    return found
