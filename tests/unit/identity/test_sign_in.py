from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import pytest

from localdev.identity.directory import TENANT
from localdev.identity.page_client import PageClient
from tests.unit.identity.page_requests import (
    ASKED,
    BASE,
    PAGE,
    REDIRECT,
    fragment,
    sign_in,
    without,
)


async def test_the_form_has_a_label_and_a_button(browser: httpx.AsyncClient) -> None:
    """The field is called User, the button Sign in, and a name that the page knows is filled in."""
    asked = ASKED | {"login_hint": 'bob">@example.com'}
    answer = await browser.get(f"{BASE}/authorize", params=asked)

    assert answer.status_code == 200
    assert '<label for="user">User</label>' in answer.text
    assert re.search(r'<input id="user" [^>]*value="bob&quot;&gt;"', answer.text)
    assert '<button type="submit">Sign in</button>' in answer.text
    assert '<html lang="en">' in answer.text


async def test_the_form_runs_no_script(browser: httpx.AsyncClient) -> None:
    """Its policy allows its own style and a form that leads to the page, and nothing else."""
    answer = await browser.get(f"{BASE}/authorize", params=ASKED)
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert f"form-action 'self' {PAGE};" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_state_comes_back_as_it_was(browser: httpx.AsyncClient) -> None:
    """With a code and with an error, and not at all where there was none."""
    assert (await sign_in(browser))["state"] == ASKED["state"]
    refused = fragment(await browser.get(f"{BASE}/authorize", params=ASKED | {"prompt": "none"}))
    assert refused["state"] == ASKED["state"]
    posted = await browser.post(
        f"{BASE}/authorize", params=without("state"), data={"user": "alice"}
    )
    assert fragment(posted).keys() == {"code"}


async def test_a_silent_sign_in_is_told_to_ask_the_user(browser: httpx.AsyncClient) -> None:
    """There is no session, so that `prompt=none` always fails."""
    told = fragment(await browser.get(f"{BASE}/authorize", params=ASKED | {"prompt": "none"}))

    assert told["error"] == "login_required"
    assert told["error_description"].startswith("AADSTS50058: ")


@pytest.mark.parametrize(
    ("asked", "error", "number"),
    [
        (ASKED | {"response_type": "token"}, "unsupported_response_type", 700054),
        (without("response_type"), "invalid_request", 900144),
        (ASKED | {"response_mode": "query"}, "invalid_request", 90014),
        (without("code_challenge"), "invalid_request", 9002325),
        (ASKED | {"code_challenge_method": "plain"}, "invalid_request", 9002325),
        (ASKED | {"code_challenge": "short"}, "invalid_request", 9002325),
        (without("scope"), "invalid_request", 900144),
        (ASKED | {"scope": "openid api://other/jobs.read"}, "invalid_scope", 70011),
        (ASKED | {"scope": "openid profile"}, "invalid_scope", 70011),
    ],
)
async def test_the_page_is_told_of_a_wrong_request(
    browser: httpx.AsyncClient, asked: dict[str, str], error: str, number: int
) -> None:
    """In the fragment of its own address, in the words of Entra ID; no form is shown."""
    for method in ("GET", "POST"):
        told = fragment(await browser.request(method, f"{BASE}/authorize", params=asked))

        assert told["error"] == error
        assert told["error_description"].startswith(f"AADSTS{number}: ")


@pytest.mark.parametrize(
    ("path", "asked", "number"),
    [
        (BASE, ASKED | {"client_id": "made-up"}, 700016),
        (BASE, without("client_id"), 900144),
        (BASE, without("redirect_uri"), 900144),
        *(
            (BASE, ASKED | {"redirect_uri": uri}, 50011)
            for uri in (
                "https://evil.example.com/",
                f"{PAGE}/redirect.html?more",
                f"{PAGE}/redirect.html/",
                f"{PAGE}.evil.example.com/redirect.html",
                "http://localhost:7077/redirect.html",
                "javascript:alert(1)",
            )
        ),
        ("/another/oauth2/v2.0", ASKED, 90002),
    ],
)
async def test_no_stranger_is_led_anywhere(
    browser: httpx.AsyncClient, path: str, asked: dict[str, str], number: int
) -> None:
    """For an unknown tenant, client or address there is a page that says so, and no redirect."""
    for method in ("GET", "POST"):
        answer = await browser.request(method, f"{path}/authorize", params=asked)

        assert answer.status_code == 400
        assert f"AADSTS{number}: " in answer.text
        assert "location" not in answer.headers
        assert "form-action 'none'" in answer.headers["content-security-policy"]


async def test_what_a_stranger_writes_is_shown_as_text(browser: httpx.AsyncClient) -> None:
    """Markup in a request is no markup of the page that names it."""
    asked = ASKED | {"client_id": "<b>me</b>"}
    answer = await browser.get(f"{BASE}/authorize", params=asked)

    assert "&lt;b&gt;me&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("user", ["", "   ", "a b", "<b>", "-a", "a" * 65, "\u00e9ric"])
async def test_a_name_that_is_none_is_asked_for_again(
    browser: httpx.AsyncClient, user: str
) -> None:
    """The form says what a name is, at its field."""
    answer = await browser.post(f"{BASE}/authorize", params=ASKED, data={"user": user})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'aria-describedby="about error" aria-invalid="true"' in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("uri", [f"{PAGE}/", REDIRECT])
async def test_a_sign_out_leads_back_to_the_page(browser: httpx.AsyncClient, uri: str) -> None:
    """To an address of its registration, with its state."""
    asked = {"post_logout_redirect_uri": uri, "state": "a b"}
    answer = await browser.get(f"{BASE}/logout", params=asked)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{uri}?state=a+b")


@pytest.mark.parametrize("uri", ["", "https://evil.example.com/", f"{PAGE}/@evil.example.com"])
async def test_a_sign_out_leads_nowhere_else(browser: httpx.AsyncClient, uri: str) -> None:
    """The issuer says itself that the user signed out."""
    answer = await browser.get(f"{BASE}/logout", params={"post_logout_redirect_uri": uri})

    assert answer.status_code == 200
    assert "You signed out" in answer.text
    assert "location" not in answer.headers


async def test_another_tenant_has_no_sign_out(browser: httpx.AsyncClient) -> None:
    """There is one tenant."""
    asked = {"post_logout_redirect_uri": f"{PAGE}/"}

    assert (await browser.get("/another/oauth2/v2.0/logout", params=asked)).status_code == 400


async def test_the_metadata_leads_to_the_endpoints(browser: httpx.AsyncClient) -> None:
    """What the page's configuration takes over is where the routes are."""
    path = f"/{TENANT}/v2.0/.well-known/openid-configuration"
    metadata = (await browser.get(path)).json()

    for name, method in (
        ("authorization_endpoint", "GET"),
        ("token_endpoint", "POST"),
        ("end_session_endpoint", "GET"),
    ):
        answer = await browser.request(method, urlsplit(metadata[name]).path)
        assert answer.status_code in {200, 400}


@pytest.mark.parametrize("url", ["", "127.0.0.1:7077", "http://127.0.0.1:7077", "ftp://a/"])
def test_the_address_of_a_page_is_checked(url: str) -> None:
    """Redirect URIs are made of it, so that it has to be one of HTTP that ends with a slash."""
    with pytest.raises(ValueError, match="is not like"):
        PageClient.at(url)
