"""The built page on a stack of its own, in a real Chromium; each test has visitors of its own."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from localdev.stack.page import free_low_port
from localdev.stack.part import BuiltPage, Options
from localdev.stack.stack import Stack
from tests.conftest import NAMED_VALUES, STACK_SETTINGS
from tests.web.visitor import Visitors
from tools.lighthouse import find_chromium

WEB = ROOT / "web"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the asynchronous tests of this folder in one event loop: that of the browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the system's Chromium."""
    return find_chromium() or pytest.skip(
        "there is no Chromium for the tests of the page: sudo apt install chromium"
    )


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the page; returns the folder of its files."""
    if not (WEB / "node_modules" / ".bin" / "vite").exists():
        pytest.skip("what builds the page is not installed: make setup")
    folder = tmp_path_factory.mktemp("page")
    command = ["npm", "run", "build", "--", "--outDir", str(folder), "--emptyOutDir"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def page_stack(
    built_page: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory, receiver_port: int
) -> Iterator[Stack]:
    """Start the whole local stack with the page."""
    options = Options(
        tmp_path_factory.mktemp("stack"),
        settings=STACK_SETTINGS | {"QJOBS_WEBHOOK_ALLOWED": f"127.0.0.1:{receiver_port}"},
        named_values=NAMED_VALUES,
        page=BuiltPage(free_low_port(), built_page),
    )
    with Stack(options) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Start the browser."""
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        # Root, as in containers, gets no sandbox of Chromium's.
        running = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield running
        finally:
            await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(browser: Browser, page_stack: Stack) -> AsyncIterator[Visitors]:
    """Let people visit the page; whatever their browsers complain of fails the test."""
    page_stack.check()
    made = Visitors(browser, page_stack.facts["page"]["url"])
    try:
        yield made
    finally:
        await made.leave()
    assert made.complaints == []
