"""A caller of the running stack, like those of the other end-to-end tests."""

from __future__ import annotations

from tests.e2e.conftest import api

__all__ = ["api"]
