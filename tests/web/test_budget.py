"""What a first visit costs, and what Lighthouse says of it."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from playwright.async_api import Page, Response, expect

from localdev.stack.stack import Stack
from tests.web.visitor import Visitors
from tools.lighthouse import LIGHTHOUSE, lighthouse_scores

MOST_BYTES = 150_000


class Meter:
    """The bytes that come over the wire to a window, headers included."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.bytes: dict[str, int] = {}

    async def attach(self, page: Page, origin: str) -> None:
        """Count what comes from an origin from now on."""
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")

        def begins(event: dict[str, dict[str, str]]) -> None:
            if event["response"]["url"].startswith(origin):
                self.files[str(event["requestId"])] = event["response"]["url"]

        def ends(event: dict[str, str]) -> None:
            if event["requestId"] in self.files:
                self.bytes[event["requestId"]] = int(event["encodedDataLength"])

        session.on("Network.responseReceived", begins)
        session.on("Network.loadingFinished", ends)

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.bytes.values())


async def test_the_first_load_is_small(visitors: Visitors) -> None:
    """All that comes over the wire before somebody can sign in, library and font included."""
    visitor = await visitors.new()
    meter = Meter()
    await meter.attach(visitor.page, visitor.url)
    await visitor.page.goto(visitor.url, wait_until="networkidle")
    await expect(visitor.button("Sign in")).to_be_visible()

    assert any(url.endswith(".js") for url in meter.files.values())
    assert 50_000 < meter.total <= MOST_BYTES, meter.files


async def test_the_files_of_the_catalogue_are_small(visitors: Visitors, built_page: Path) -> None:
    """All files, compressed, that it takes to see the algorithms after the first sign-in."""
    visitor = await visitors.new()
    asked: set[str] = set()

    def note(response: Response) -> None:
        if response.url.startswith(visitor.url) and not response.from_service_worker:
            asked.add(response.url.removeprefix(visitor.url).partition("?")[0] or "index.html")

    visitor.page.on("response", lambda response: note(response))  # noqa: PLW0108 - it is typed
    await visitor.sign_in()
    await expect(visitor.page.get_by_role("link", name="Two emoticons at once")).to_be_visible()

    files = [built_page / name for name in asked - {"config.json"} if "#" not in name]
    sizes = {
        file.name: len(data if file.suffix == ".woff2" else gzip.compress(data))
        for file in files
        if (data := file.read_bytes())
    }
    assert sum(sizes.values()) <= MOST_BYTES, sizes


async def test_lighthouse_finds_nothing(page_stack: Stack, chromium: str, tmp_path: Path) -> None:
    """Accessibility and best practices are perfect; how fast it is `make bench` measures."""
    if not LIGHTHOUSE.exists():
        pytest.skip("Lighthouse is not installed: make setup")
    scores = await asyncio.to_thread(
        lighthouse_scores,
        page_stack.facts["page"]["url"],
        ["accessibility", "best-practices"],
        chromium,
        tmp_path / "report.json",
    )
    assert scores == {"accessibility": 1.0, "best-practices": 1.0}
