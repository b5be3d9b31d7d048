"""The page as a part of the stack: every part that has to know its origin knows it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from localdev.identity.directory import PAGE_CLIENT_ID, TENANT
from localdev.stack.facts import StackFacts
from localdev.stack.page import Page, free_low_port
from localdev.stack.part import BuiltPage, ModulePart, Options, Profile
from localdev.stack.parts import Gateway, Identity
from localdev.stack.profiles import all_parts

FACTS = cast(
    "StackFacts",
    {
        "identity": {"url": "http://127.0.0.1:7073/", "tenant": TENANT},
        "functions": {"url": "http://127.0.0.1:7071"},
        "channel": {"url": "https://127.0.0.1:7076/"},
        "gateway": {"url": "http://127.0.0.1:7070/quantum"},
    },
)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Return the options of a stack with a page."""
    return Options(tmp_path, page=BuiltPage(7077, tmp_path / "dist"))


def names(options: Options, profile: Profile) -> list[str]:
    """Return the parts of a stack."""
    return [part.name for part in all_parts(replace(options, profile=profile))]


def test_the_page_is_the_last_part_of_a_stack_with_a_gateway(options: Options) -> None:
    """It names all the others; who uses no gateway, or asks for no page, gets none."""
    assert names(options, Profile.KEYS)[-2:] == ["gateway", "page"]
    assert names(options, Profile.KEYLESS)[-2:] == ["gateway", "page"]
    assert "page" not in names(options, Profile.DIRECT)
    assert "page" not in names(replace(options, page=None), Profile.KEYS)


def test_issuer_and_gateway_know_the_origin_before_the_page_runs(options: Options) -> None:
    """They let scripts of that origin in; without a page nobody's."""
    assert "--page=http://127.0.0.1:7077/" in Identity(options).arguments(FACTS)
    assert "--set=web-origin=http://127.0.0.1:7077" in Gateway(options).arguments(FACTS)
    without: list[ModulePart] = [part(replace(options, page=None)) for part in (Identity, Gateway)]
    assert not any("page" in one or "origin" in one for p in without for one in p.arguments(FACTS))


def test_an_origin_that_is_given_goes_before_the_page(options: Options) -> None:
    """A page that is served from elsewhere is named to the gateway by hand."""
    given = replace(options, named_values={"web-origin": "http://127.0.0.1:5173"})

    assert "--set=web-origin=http://127.0.0.1:5173" in Gateway(given).arguments(FACTS)


def test_the_page_learns_of_the_others(options: Options, tmp_path: Path) -> None:
    """Its configuration leads to gateway and issuer; its policy to those and the channel."""
    assert options.page is not None
    arguments = Page(options, options.page).arguments(FACTS)

    assert arguments[-3:] == [
        "--origin=API_ORIGIN=http://127.0.0.1:7070",
        "--origin=LOGIN_ORIGIN=http://127.0.0.1:7073",
        "--origin=CHANNEL_ORIGIN=wss://127.0.0.1:7076",
    ]
    config = json.loads((tmp_path / "page-config.json").read_text(encoding="utf-8"))
    metadata = config.pop("authorityMetadata")
    assert config == {
        "api": "http://127.0.0.1:7070/quantum",
        "clientId": PAGE_CLIENT_ID,
        "tenant": TENANT,
        "scopes": ["api://qjobs/jobs.read", "api://qjobs/jobs.submit"],
        "authority": f"https://login.microsoftonline.com/{TENANT}",
        "emulated": True,
    }
    assert metadata["token_endpoint"] == f"http://127.0.0.1:7073/{TENANT}/oauth2/v2.0/token"


def test_a_free_port_is_none_that_a_system_gives_out() -> None:
    """Between the choice and the start of the page nobody is given it."""
    assert {free_low_port() // 12_000 for _ in range(20)} <= {1, 2}
