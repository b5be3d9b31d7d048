"""Every algorithm of the catalogue on the page: from its form to its result without a network."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from localdev.repository import ROOT
from localdev.stack.stack import Stack
from tests.web.api import Api
from tests.web.visitor import Visitor, Visitors

ALGORITHMS = sorted(path.parent.name for path in (ROOT / "algorithms").glob("*/algorithm.json"))
PICTURES = "main img, main svg[role=img]"
DRAWN = """async (one) => {
  if (one.localName !== "img") return one.children.length;
  await one.decode();
  return one.naturalWidth;
}"""
"""How wide an image is, or how many parts a drawing has."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def everybody(browser: Browser, page_stack: Stack) -> AsyncIterator[Visitors]:
    """Let one visitor try all of them: the page's files are kept by the browser once."""
    made = Visitors(browser, page_stack.facts["page"]["url"])
    try:
        yield made
    finally:
        await made.leave()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visitor(everybody: Visitors) -> Visitor:
    """Return the visitor, whose browser keeps the page's files already."""
    made = await everybody.signed_in()
    await made.page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    return made


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_it_is_submitted_told_shown_and_kept(
    everybody: Visitors, visitor: Visitor, page_stack: Stack, algorithm: str
) -> None:
    """Form, example, submission, pop-up, result, picture, files, and all of it offline."""
    page = visitor.page
    everybody.complaints.clear()
    await visitor.example(algorithm)
    job_id = await visitor.submitted()
    await page.evaluate("() => { window.here = true; }")
    await page.get_by_role("link", name="Go to the job").click()
    await expect(visitor.status("Succeeded")).to_be_visible()
    assert await page.evaluate("window.here"), "the page was loaded anew"
    await expect(page.get_by_role("group", name="Download")).to_be_visible()
    await check_pictures(page.locator(PICTURES))

    async with Api.of(page_stack, visitor.name) as api:
        outcome = await api.result(job_id)
    assert json.loads(await visitor.downloaded("JSON"))["result"] == outcome["result"]
    check_counts(await visitor.downloaded("CSV"), outcome["counts"])
    assert ET.fromstring(await visitor.downloaded("SVG")).tag.endswith("svg")

    shown = await words_of_result(page)
    await page.context.set_offline(True)
    try:
        await page.reload()
        await expect(page.get_by_text("from this browser")).to_be_visible()
        await check_pictures(page.locator(PICTURES))
        assert await words_of_result(page) == shown
    finally:
        await page.context.set_offline(False)
    assert everybody.complaints == []


async def check_pictures(pictures: Locator) -> None:
    """Check that there is one at least, and that all of them are drawn and described."""
    await expect(pictures.first).to_be_visible()
    for picture in await pictures.all():
        assert await picture.evaluate(DRAWN) > 0
        await expect(picture).to_have_accessible_name(re.compile(r"\w"))


def check_counts(text: str, counts: list[dict[str, int]]) -> None:
    """Check that a file has all readings of all circuits."""
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["count"]) for row in rows) == sum(sum(one.values()) for one in counts)
    assert len(rows) == sum(len(one) for one in counts)


async def words_of_result(page: Page) -> str:
    """Return the text of the result."""
    return await page.locator("section[aria-labelledby=result]").inner_text()
