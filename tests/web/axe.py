"""Accessibility of what is on the screen, judged by axe, and what it must not do at its width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from localdev.repository import ROOT

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 390, 1440)
HEIGHT = 900
_RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const why = ({ html, failureSummary }) => [html, failureSummary];
  return violations.map(({ id, nodes }) => [id, nodes.map(why)]);
}"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def axe() -> Path:
    """Return the script that judges a page."""
    if not AXE.exists():
        pytest.skip("axe is not installed: make setup")
    return AXE


async def faults(page: Page, name: str, pictures: Path | None) -> list[Any]:
    """Return what is wrong with what is shown, light and dark, on a telephone and on a desk.

    Args:
        page: whose scripts have axe among them
        name: of what is shown, for the pictures of it
        pictures: folder that they are written to

    """
    found: list[Any] = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            where = f"{name}-{width}-{scheme}"
            found += [(where, one) for one in await page.evaluate(_RUN)]
            if pictures:
                await page.screenshot(path=pictures / f"{where}.png", full_page=True)
        if await page.evaluate(_WIDER) > 0:
            found.append((f"{name}-{width}", "the page scrolls sideways"))
    if await page.evaluate("document.getAnimations().length"):
        found.append((name, "something moves although nothing should"))
    return found
