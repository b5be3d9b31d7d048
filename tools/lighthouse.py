"""Lighthouse, Google's judge of web pages, with the system's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from localdev.repository import ROOT

LIGHTHOUSE = ROOT / "tests" / "browser" / "node_modules" / ".bin" / "lighthouse"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Root, as in containers, gets no sandbox of Chromium's.
_BROWSER_OPTIONS = "--headless=new --no-sandbox"


class LighthouseError(Exception):
    """Lighthouse did not judge a page."""


def find_chromium() -> str | None:
    """Return the system's Chromium, or None."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def lighthouse_scores(
    url: str, categories: Sequence[str], chromium: str, report: Path
) -> dict[str, float]:
    """Return the scores of a page, between 0 and 1, by category.

    Args:
        url: of the page
        categories: what is judged, such as `accessibility`
        chromium: the browser
        report: file that the reasons are written to

    Raises:
        LighthouseError: it is not installed, or cannot load the page.

    """
    if not LIGHTHOUSE.exists():
        raise LighthouseError("Lighthouse is not installed: make setup")
    command = [
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--no-enable-error-reporting",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(categories)}",
        f"--chrome-flags={_BROWSER_OPTIONS}",
    ]
    environment = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(  # noqa: S603 - a program of this repository's packages
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LighthouseError(done.stderr.strip() or done.stdout.strip())
    document = json.loads(report.read_text(encoding="utf-8"))
    return {name: float(found["score"] or 0) for name, found in document["categories"].items()}
