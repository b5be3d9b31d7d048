"""Issuer and page as processes: a user signs in, and the page is served with its configuration."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, override
from urllib.parse import parse_qsl

import httpx
import pytest

from azure_quantum_emulator.serving.token_validation import TokenValidator
from emulator_support.patience import PATIENCE
from localdev.identity.directory import API_CLIENT_ID, object_id
from localdev.stack.facts import StackFacts
from localdev.stack.page import Page, free_low_port
from localdev.stack.part import BuiltPage, Options
from localdev.stack.parts import Identity
from localdev.stack.stack import Stack

VERIFIER = "x" * 64


class PageOfFewParts(Page):
    """The page beside an issuer alone: gateway and channel are addresses of nobody."""

    @override
    def arguments(self, facts: StackFacts) -> Any:
        others = {
            "gateway": {"url": "http://127.0.0.1:9/quantum"},
            "channel": {"url": "http://127.0.0.1:9/"},
        }
        return super().arguments(cast("StackFacts", {**facts, **others}))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start an issuer and a page."""
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "dist").mkdir()
    (folder / "dist" / "index.html").write_text("<h1>The page</h1>", encoding="utf-8")
    page = BuiltPage(free_low_port(), folder / "dist")
    options = Options(folder, page=page)
    with Stack(options, parts=lambda o: [Identity(o), PageOfFewParts(o, page)]) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """Return a client that follows no redirect."""
    with httpx.Client(timeout=PATIENCE, trust_env=False) as http:
        yield http


def test_a_user_signs_in_by_what_the_page_is_told(stack: Stack, browser: httpx.Client) -> None:
    """From `/config.json` over the form and the code to a token that the gateway accepts."""
    url = stack.facts["page"]["url"]
    config = browser.get(f"{url}config.json").json()
    endpoints, redirect_uri = config["authorityMetadata"], f"{url}redirect.html"
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "client_id": config["clientId"],
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "response_mode": "fragment",
        "scope": " ".join(config["scopes"]),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }

    posted = browser.post(endpoints["authorization_endpoint"], params=asked, data={"user": "alice"})
    address, _, told = posted.headers["location"].partition("#")
    form = {
        "client_id": config["clientId"],
        "grant_type": "authorization_code",
        "code": dict(parse_qsl(told))["code"],
        "redirect_uri": address,
        "code_verifier": VERIFIER,
    }
    origin = {"origin": url.rstrip("/")}
    answer = browser.post(endpoints["token_endpoint"], data=form, headers=origin)

    assert answer.headers["access-control-allow-origin"] == url.rstrip("/")
    identity = stack.facts["identity"]
    metadata = f"{identity['url']}{identity['tenant']}/v2.0/.well-known/openid-configuration"
    validator = TokenValidator([metadata], [API_CLIENT_ID])
    claims = asyncio.run(validator.validate(answer.json()["access_token"]))
    assert (claims["oid"], claims["scp"]) == (object_id("alice"), "jobs.read jobs.submit")


def test_the_page_is_served(stack: Stack, browser: httpx.Client) -> None:
    """With the address that it was promised to have, and a policy of this stack."""
    answer = browser.get(stack.facts["page"]["url"])

    assert answer.text == "<h1>The page</h1>"
    login = stack.facts["identity"]["url"].rstrip("/")
    assert f"frame-src 'self' {login};" in answer.headers["content-security-policy"]


def test_the_page_keeps_its_address(stack: Stack, browser: httpx.Client) -> None:
    """Started again, it is where issuer and gateway believe it."""
    before = stack.facts["page"]["url"]
    stack.restart("page")

    assert stack.facts["page"]["url"] == before
    assert browser.get(before).status_code == 200
