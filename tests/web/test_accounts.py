"""Accounts on the page: who signs in, who sees what."""

from __future__ import annotations

from playwright.async_api import expect

from tests.web.visitor import Visitors


async def test_somebody_signs_in_and_out(visitors: Visitors) -> None:
    """The name is shown; after the end of the session nothing of the account is."""
    visitor = await visitors.signed_in("carol")
    await expect(visitor.page.get_by_text("carol")).to_be_visible()

    await visitor.button("Sign out").click()
    await expect(visitor.button("Sign in")).to_be_visible()
    await expect(visitor.page.get_by_text("carol")).to_have_count(0)


async def test_a_session_survives_a_reload(visitors: Visitors) -> None:
    """Nobody signs in again for a reload; a new tab asks who it is."""
    visitor = await visitors.signed_in()
    await visitor.page.reload()
    await expect(visitor.button("Sign out")).to_be_visible()
