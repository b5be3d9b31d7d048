"""Accounts on the page: who signs in, who sees what."""

from __future__ import annotations

from playwright.async_api import expect

from localdev.stack.stack import Stack
from tests.web.api import Api
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


async def test_two_accounts_in_one_browser_never_mix(visitors: Visitors, page_stack: Stack) -> None:
    """In two tabs at once: neither sees the other's jobs, in a list, in a history, or offline."""
    alice = await visitors.signed_in()
    bob = await visitors.beside(alice)
    await bob.sign_in()
    jobs = {}
    for visitor in (alice, bob):
        async with Api.of(page_stack, visitor.name) as api:
            jobs[visitor.name] = await api.ended("ghz", None)
        await visitor.open(f"jobs/{jobs[visitor.name]['id']}")
        await expect(visitor.status("Succeeded")).to_be_visible()

    for visitor, stranger in ((alice, bob), (bob, alice)):
        await visitor.open("jobs")
        await expect(visitor.page.locator("tbody").get_by_role("row")).to_have_count(1)
        await visitor.open(f"jobs/{jobs[stranger.name]['id']}")
        await expect(visitor.heading("There is no such job")).to_be_visible()
    await alice.page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    await alice.page.context.set_offline(True)
    await alice.page.reload()
    await expect(alice.page.get_by_text("cannot be reached")).to_be_visible()
    await expect(alice.page.get_by_text("From this browser")).to_have_count(0)
    await expect(alice.status("Succeeded")).to_have_count(0)


async def test_one_account_after_another_sees_nothing_of_it(
    visitors: Visitors, page_stack: Stack
) -> None:
    """In the same tab: after a sign-out and a sign-in the history is that of the new account."""
    visitor = await visitors.signed_in()
    async with Api.of(page_stack, visitor.name) as api:
        job = await api.ended("ghz", None)
    await visitor.open(f"jobs/{job['id']}")
    await expect(visitor.status("Succeeded")).to_be_visible()
    await visitor.button("Sign out").click()
    await expect(visitor.button("Sign in")).to_be_visible()
    assert job["id"] not in await visitor.page.locator("main").inner_text()

    await visitor.sign_in()
    await visitor.open(f"jobs/{job['id']}")
    await expect(visitor.heading("There is no such job")).to_be_visible()
    await visitor.open("jobs")
    await expect(visitor.page.get_by_text("There are no jobs yet")).to_be_visible()
