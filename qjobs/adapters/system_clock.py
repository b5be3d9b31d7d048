"""The machine's time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """The `Clock` of the deployed bundle."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return after *seconds*."""
        await asyncio.sleep(seconds)
