"""A caller of the running stack, as any application would be one."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import httpx
import pytest

from localdev.parts import Facts


@pytest.fixture
async def api(stack: dict[str, Facts]) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with a key and a caller of its own."""
    functions = stack["functions"]
    async with httpx.AsyncClient(
        base_url=functions["url"] + "/api/",
        headers={"x-functions-key": functions["key"], "x-caller-id": uuid.uuid4().hex},
        timeout=60,
    ) as client:
        yield client
