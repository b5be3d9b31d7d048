"""Callers of the running stack, as any application would be one: through the gateway."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from tests.openapi import check_response


@pytest.fixture
async def api(stack: StackFacts) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with a token of a caller of its own, whose every answer is validated."""
    access = access_to(stack, caller=uuid.uuid4().hex)
    async with httpx.AsyncClient(
        base_url=access.url,
        headers=access.headers,
        timeout=PATIENCE,
        event_hooks={"response": [check_response]},
    ) as client:
        yield client
