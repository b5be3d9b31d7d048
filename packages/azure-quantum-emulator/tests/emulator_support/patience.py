"""How long tests wait for what should happen: longer than a slow and busy machine takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

PATIENCE = 300.0
"""Seconds after which what has not happened will not happen; pytest ends a test after 600."""


async def async_tries(pause: float) -> AsyncIterator[None]:
    """Yield once for each try, with seconds between them, until PATIENCE is at an end."""
    end = time.monotonic() + PATIENCE
    yield
    while time.monotonic() < end:
        await asyncio.sleep(pause)
        yield
