"""People who visit the page: a window, an account, and words for what they see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from emulator_support.patience import PATIENCE, async_tries

# The page's policy does not hold for what a debugger brings along.
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
_RESPONSE_IS_AN_ERROR = "Failed to load resource"
"""Begins what Chromium says of each response of 4xx or 5xx, and where there is no network."""


@dataclass
class Visitor:
    """A window of the page."""

    page: Page
    url: str
    name: str = ""

    async def sign_in(self, name: str = "") -> None:
        """Sign in, by default as somebody new."""
        self.name = name or f"user-{uuid.uuid4().hex[:12]}"
        if self.page.url == "about:blank":
            await self.page.goto(self.url)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.get_by_label("User").fill(self.name)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.button("Sign out")).to_be_visible()

    async def open(self, address: str) -> None:
        """Go to a view by its address, what stands behind `#/`."""
        await self.page.goto(f"{self.url}#/{address}")

    async def example(self, algorithm: str) -> None:
        """Fill the form of an algorithm with its first example."""
        await self.open(f"algorithms/{algorithm}")
        await self.page.get_by_role("group", name="Examples").get_by_role("button").first.click()

    async def submitted(self) -> str:
        """Submit what is filled in; return the id of the job in the pop-up."""
        await self.button("Submit").click()
        dialog = self.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("submitted")
        return await dialog.locator("code").inner_text()

    async def unfold(self) -> None:
        """Open everything that is folded."""
        await self.page.evaluate(
            "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )

    async def downloaded(self, name: str) -> str:
        """Return the content of the file that a button offers."""
        async with self.page.expect_download() as download:
            await self.button(name).click()
        path = await (await download.value).path()
        return path.read_text(encoding="utf-8")

    def button(self, name: str) -> Locator:
        """Return the button of a name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def status(self, word: str) -> Locator:
        """Return where the page says that a job is in a state."""
        return self.page.get_by_role("status").filter(has_text=word)

    def heading(self, name: str) -> Locator:
        """Return the heading of a name."""
        return self.page.get_by_role("heading", name=name, exact=True)


@dataclass
class Visitors:
    """Those who visit the page in one test."""

    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    """What their browsers complained of: errors of scripts, violations of the content policy."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def new(self, **options: Any) -> Visitor:  # noqa: ANN401 - those of a browser context
        """Return a visitor who has never been here."""
        context = await self.browser.new_context(**options)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        await context.add_init_script(_TELL_VIOLATIONS)
        return Visitor(await context.new_page(), self.url)

    async def signed_in(self, name: str = "", **options: Any) -> Visitor:  # noqa: ANN401 - likewise
        """Return a visitor who has signed in."""
        visitor = await self.new(**options)
        await visitor.sign_in(name)
        return visitor

    async def beside(self, visitor: Visitor) -> Visitor:
        """Return a new tab of somebody's browser, in which nobody has signed in."""
        return Visitor(await visitor.page.context.new_page(), self.url)

    async def heard(self, words: str) -> None:
        """Wait for a complaint that has the words in it, and forget about it."""
        async for _ in async_tries(0.05):
            for complaint in self.complaints:
                if words in complaint:
                    self.complaints.remove(complaint)
                    return
        raise TimeoutError(f"no browser complained of {words}: {self.complaints}")

    async def leave(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            await context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_RESPONSE_IS_AN_ERROR):
            self.complaints.append(message.text)
