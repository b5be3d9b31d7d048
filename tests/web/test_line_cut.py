"""Microsoft's client in a real browser, on a line that is cut: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import subprocess
import uuid
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from azure.core.credentials import AzureKeyCredential
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient
from playwright.async_api import Browser, Page

from emulator_support.patience import async_tries
from localdev.repository import ROOT
from localdev.stack.stack import Stack
from tests.e2e.callers import served
from tests.integration.cuttable_line import CuttableLine, cuttable_line

HUB = "qjobs"
MESSAGES = 1000
CUT_SECONDS = 10.0
ESBUILD = ROOT / "web" / "node_modules" / ".bin" / "esbuild"
_CLIENT = """
import { WebPubSubClient } from "@azure/web-pubsub-client";
window.heard = [];
window.listen = async (url) => {
  const client = new WebPubSubClient({ getClientAccessUrl: async () => url });
  client.on("server-message", ({ message }) => window.heard.push(message.data.number));
  await client.start();
};
"""


@pytest.fixture(scope="module")
def client_script(chromium: str) -> str:
    """Return the client as one script."""
    if not ESBUILD.exists():
        pytest.skip("what builds the page is not installed: make setup")
    command = [str(ESBUILD), "--bundle", "--format=iife", "--platform=browser", "--minify"]
    done = subprocess.run(
        command, input=_CLIENT, cwd=ROOT / "web", capture_output=True, text=True, check=True
    )
    return done.stdout


async def heard_until(window: Page, last: int) -> list[int]:
    """Wait for a number; return all that has come."""
    heard: list[int] = []
    async for _ in async_tries(0.2):
        heard = await window.evaluate("window.heard")
        if last in heard:
            break
    return heard


async def mend_later(line: CuttableLine) -> None:
    """Mend a line after ten seconds, however far the sender is by then."""
    await asyncio.sleep(CUT_SECONDS)
    await line.mend()


async def test_a_thousand_messages_over_a_cut(
    browser: Browser, page_stack: Stack, client_script: str
) -> None:
    """Most are sent while the line is cut for ten seconds; each comes once, in their order."""
    channel = page_stack.facts["channel"]
    key = channel["connectionString"].partition("AccessKey=")[2].partition(";")[0]
    user = uuid.uuid4().hex

    async def page(_request: web.Request) -> web.Response:
        text = f"<!doctype html><title>A client</title><script>{client_script}</script>"
        return web.Response(text=text, content_type="text/html")

    async with cuttable_line(urlsplit(channel["url"]).port or 0) as line, served(page) as url:
        service = WebPubSubServiceClient(channel["url"], HUB, AzureKeyCredential(key))
        through = WebPubSubServiceClient(
            f"http://127.0.0.1:{line.port}", HUB, AzureKeyCredential(key)
        )
        async with service, through, await browser.new_context() as context:
            address = (await through.get_client_access_token(user_id=user))["url"]
            window = await context.new_page()
            await window.goto(url)
            await window.evaluate("(address) => window.listen(address)", address)
            for number in range(200):
                await service.send_to_user(user, {"number": number})
            await window.wait_for_function("window.heard.length >= 50")
            await line.cut()
            mended = asyncio.create_task(mend_later(line))
            for number in range(200, MESSAGES):
                await service.send_to_user(user, {"number": number})
            await mended
            # Before that it would be one message more than a connection may leave unacknowledged.
            await heard_until(window, MESSAGES - 1)
            await service.send_to_user(user, {"number": MESSAGES})
            heard = await heard_until(window, MESSAGES)
    assert heard == list(range(MESSAGES + 1))
