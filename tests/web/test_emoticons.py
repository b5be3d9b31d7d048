"""The emoticon demonstration from start to end, as somebody would show it to an audience."""

from __future__ import annotations

import json
import re

from playwright.async_api import expect

from tests.web.visitor import Visitors


async def test_two_emoticons_at_once(visitors: Visitors) -> None:
    """Without noise it is either text, half of the time each; with noise there are others."""
    visitor = await visitors.signed_in()
    page = visitor.page
    await page.get_by_label("Search").fill("emoticon")
    await page.get_by_role("link", name="Two emoticons at once").click()
    await page.get_by_label("First").fill(":D")
    await page.get_by_label("Second").fill("8|")
    await page.get_by_label("Shots", exact=True).fill("2000")
    await expect(page.get_by_text("It would run on local.sim.aer")).to_be_visible()
    await visitor.submitted()
    await page.get_by_role("link", name="Go to the job").click()
    await expect(visitor.status("Succeeded")).to_be_visible()
    drawing = page.get_by_role("figure").get_by_role("img").first
    await expect(drawing).to_have_accessible_name(re.compile(r":D and 8\| at once"))

    outcome = json.loads(await visitor.downloaded("JSON"))
    shares = {one["text"]: one["frequency"] for one in outcome["result"]["readings"]}
    assert set(shares) == {":D", "8|"}
    assert all(0.4 < share < 0.6 for share in shares.values())
    assert await visitor.downloaded("SVG") == outcome["result"]["svg"]

    await page.get_by_role("link", name="Run again with a change").click()
    await page.get_by_label("Where it runs").select_option("local.sim.aer-noisy")
    await visitor.submitted()
    await page.get_by_role("link", name="Go to the job").click()
    await expect(visitor.status("Succeeded")).to_be_visible()
    noisy = json.loads(await visitor.downloaded("JSON"))["result"]
    assert noisy["noise"] > 0
    await expect(page.get_by_text("How far to trust it")).to_be_visible()
