from __future__ import annotations

import base64
import json

import httpx
import pytest

from localdev.identity.directory import PAGE_CLIENT_ID, TENANT, object_id
from tests.unit.identity.page_requests import (
    ASKED,
    ISSUER,
    PAGE,
    claims,
    code_form,
    redeem,
    sign_in,
    tokens,
)


async def test_a_signed_in_user_is_a_caller_of_the_api(browser: httpx.AsyncClient) -> None:
    """Code and verifier become a token like those of `python -m localdev token`."""
    given = await tokens(browser)

    access = claims(given["access_token"])
    usual = ISSUER.user_claims("alice")
    assert access.keys() == usual.keys()
    for same in ("aud", "iss", "oid", "sub", "scp", "tid", "ver", "name"):
        assert access[same] == usual[same]
    assert access["azp"] == PAGE_CLIENT_ID
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    assert given["scope"] == "api://qjobs/jobs.read api://qjobs/jobs.submit"


async def test_the_page_learns_who_signed_in(browser: httpx.AsyncClient) -> None:
    """The ID token is for the page, with its nonce; client_info has the ids of the account."""
    given = await tokens(browser, "bob")

    about = claims(given["id_token"], PAGE_CLIENT_ID)
    assert (about["name"], about["oid"], about["tid"]) == ("bob", object_id("bob"), TENANT)
    assert about["nonce"] == "the nonce"
    assert about.keys().isdisjoint({"scp", "azp"})
    info = json.loads(base64.urlsafe_b64decode(given["client_info"] + "=="))
    assert info == {"uid": object_id("bob"), "utid": TENANT}


async def test_a_token_has_no_more_scopes_than_were_asked_for(browser: httpx.AsyncClient) -> None:
    """Who asks to read gets no leave to submit."""
    given = await tokens(browser, scope="openid api://qjobs/jobs.read")

    assert claims(given["access_token"])["scp"] == "jobs.read"


async def test_only_the_page_may_read_tokens(browser: httpx.AsyncClient) -> None:
    """Its origin is named; any other one, and none, gets neither tokens nor leave to read."""
    code = (await sign_in(browser))["code"]
    for origin in ("https://evil.example.com", "null", "http://localhost:7077", None):
        refused = await redeem(browser, code_form(code), origin)

        assert refused.status_code == 400
        assert refused.json()["error_codes"] == [9002327]
        assert "access-control-allow-origin" not in refused.headers
    allowed = await redeem(browser, code_form(code))
    assert allowed.headers["access-control-allow-origin"] == PAGE
    assert allowed.headers["vary"] == "Origin"
    assert allowed.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("changed", "error", "number"),
    [
        ({"client_id": "made-up"}, "unauthorized_client", 700016),
        ({"client_id": ""}, "invalid_request", 900144),
        ({"grant_type": ""}, "invalid_request", 900144),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", 70003),
        ({"grant_type": "password"}, "unsupported_grant_type", 70003),
        ({"code": ""}, "invalid_request", 900144),
        ({"code": "made-up"}, "invalid_grant", 70000),
        ({"code_verifier": ""}, "invalid_request", 900144),
        ({"code_verifier": "w" * 43}, "invalid_grant", 501481),
        ({"redirect_uri": f"{PAGE}/"}, "invalid_client", 500112),
    ],
)
async def test_a_wrong_request_gets_no_token(
    browser: httpx.AsyncClient, changed: dict[str, str], error: str, number: int
) -> None:
    """400 with the error of OAuth 2.0 that it is, which the page can read."""
    form = code_form((await sign_in(browser))["code"]) | changed
    answer = await redeem(browser, form)

    content = answer.json()
    assert (answer.status_code, content["error"], content["error_codes"]) == (400, error, [number])
    assert content["error_description"].startswith(f"AADSTS{number}: ")
    assert answer.headers["access-control-allow-origin"] == PAGE


async def test_a_code_works_once(browser: httpx.AsyncClient) -> None:
    """The second time it was already redeemed."""
    form = code_form((await sign_in(browser))["code"])
    assert (await redeem(browser, form)).status_code == 200

    again = await redeem(browser, form)

    assert (again.status_code, again.json()["error_codes"]) == (400, [54005])


async def test_another_tenant_has_no_tokens(browser: httpx.AsyncClient) -> None:
    """Nor does asking it use up the code."""
    form = code_form((await sign_in(browser))["code"])
    refused = await redeem(browser, form, tenant="another")

    assert (refused.status_code, refused.json()["error_codes"]) == (400, [90002])
    assert (await redeem(browser, form)).status_code == 200


async def test_tokens_are_renewed_by_refresh_tokens_in_turn(browser: httpx.AsyncClient) -> None:
    """Each renewal gives a new refresh token for the same user; the old one is refused."""
    first = await tokens(browser)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}

    second = (await redeem(browser, form | {"scope": ASKED["scope"]})).json()
    replayed = await redeem(browser, form)

    assert claims(second["access_token"])["oid"] == object_id("alice")
    assert "nonce" not in claims(second["id_token"], PAGE_CLIENT_ID)
    assert second["refresh_token"] != first["refresh_token"]
    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
    next_form = form | {"refresh_token": second["refresh_token"]}
    assert (await redeem(browser, next_form)).status_code == 200


async def test_a_renewal_can_ask_for_less_but_not_for_more(browser: httpx.AsyncClient) -> None:
    """Scopes that the sign-in did not have are refused."""
    given = await tokens(browser)
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    less = (await redeem(browser, form | {"scope": "api://qjobs/jobs.read"})).json()
    more = form | {"refresh_token": less["refresh_token"], "scope": "api://qjobs/jobs.hardware"}

    refused = await redeem(browser, more)

    assert claims(less["access_token"])["scp"] == "jobs.read"
    assert (refused.status_code, refused.json()["error_codes"]) == (400, [65001])
