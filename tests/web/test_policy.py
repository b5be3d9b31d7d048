"""The content security policy: it holds, and its violations are noticed."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from emulator_support.patience import PATIENCE
from tests.web.visitor import Visitors


async def test_the_headers_are_those_of_the_deployment(visitors: Visitors) -> None:
    """Nothing comes from anywhere else, nothing is evaluated, nothing frames the page."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        headers = (await client.get(visitors.url)).headers
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_violation_is_noticed(visitors: Visitors) -> None:
    """A style that is written into the document is refused, and the visitors hear of it."""
    visitor = await visitors.new()
    await visitor.page.goto(visitors.url)
    await expect(visitor.button("Sign in")).to_be_visible()
    await visitor.page.evaluate(
        """() => { const one = document.createElement("p");
                   one.setAttribute("style", "color: red");
                   document.body.append(one); }"""
    )
    await visitors.heard("CSP style-src-attr")
    await visitors.heard("Applying inline style violates")


async def test_text_is_never_script(visitors: Visitors) -> None:
    """Without a policy of trusted types no text becomes a script or markup."""
    visitor = await visitors.new()
    await visitor.page.goto(visitors.url)
    await expect(visitor.button("Sign in")).to_be_visible()
    outcome = await visitor.page.evaluate(
        """() => { try { document.body.innerHTML = "<b>bold</b>"; return "done"; }
                   catch (error) { return error.name; } }"""
    )
    assert outcome == "TypeError"
    await visitors.heard("CSP require-trusted-types-for")
    await visitors.heard("TrustedHTML")
