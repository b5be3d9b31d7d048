"""Fixtures of the tests of sign-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from localdev.identity.page_client import PageClient
from localdev.identity.server import application
from tests.unit.identity.page_requests import ISSUER, PAGE


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of an issuer with a page; it follows no redirect."""
    transport = httpx.ASGITransport(application(ISSUER, [], PageClient.at(f"{PAGE}/")))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:7073") as http:
        yield http
