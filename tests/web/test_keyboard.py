"""The page without a mouse."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.web.visitor import Visitor, Visitors

MOST_STOPS = 120
"""Of the tab key, within which everything of a view is reached."""


async def reach(visitor: Visitor, wanted: Locator) -> None:
    """Press the tab key until something has the focus, and see it."""
    for _ in range(MOST_STOPS):
        if await wanted.evaluate("(one) => one === document.activeElement"):
            await expect(wanted).to_be_in_viewport()
            return
        await visitor.page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {wanted}")


async def test_from_the_sign_in_to_the_result_by_keyboard(visitors: Visitors) -> None:
    """Sign in, search, choose, fill in, submit, go to the job, save its file."""
    visitor = await visitors.new()
    page, keys = visitor.page, visitor.page.keyboard
    await page.goto(visitor.url)
    await expect(visitor.button("Sign in")).to_be_visible()
    await reach(visitor, visitor.button("Sign in"))
    await keys.press("Enter")
    await expect(page.get_by_label("User")).to_be_visible()
    await reach(visitor, page.get_by_label("User"))
    await keys.type("keyboard-user")
    await keys.press("Enter")

    search = page.get_by_label("Search")
    await expect(search).to_be_visible()
    await reach(visitor, search)
    await keys.type("emoticons")
    await reach(visitor, page.get_by_role("link", name="Two emoticons at once"))
    await keys.press("Enter")

    second = page.get_by_label("Second")
    await expect(second).to_be_visible()
    await reach(visitor, second)
    await keys.press("ControlOrMeta+a")
    await keys.type("8|")
    await keys.press("Enter")

    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("submitted")
    await reach(visitor, dialog.get_by_role("link", name="Go to the job"))
    await keys.press("Enter")
    await expect(visitor.status("Succeeded")).to_be_visible()
    await reach(visitor, visitor.button("SVG"))
    async with page.expect_download() as download:
        await keys.press("Space")
    assert (await download.value).suggested_filename.endswith(".svg")


async def test_the_first_stop_leads_to_the_content(visitors: Visitors) -> None:
    """A link that is seen when it has the focus skips the navigation."""
    visitor = await visitors.signed_in()
    await visitor.open("webhooks")
    await expect(visitor.heading("Webhooks")).to_be_visible()
    await visitor.page.reload()
    await expect(visitor.heading("Webhooks")).to_be_visible()
    skip = visitor.page.get_by_role("link", name="Skip to the content")
    await visitor.page.keyboard.press("Tab")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.page.get_by_label("Address of your server")).to_be_focused()


async def test_a_pop_up_keeps_the_focus_and_gives_it_back(visitors: Visitors) -> None:
    """Escape closes it, and the button that opened it has the focus again."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    await visitor.button("Submit").focus()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.get_by_role("dialog")).to_contain_text("submitted")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    await expect(visitor.button("Submit")).to_be_focused()
