"""Supervised processes: their logs, their end, and Azurite as one of them."""

from __future__ import annotations
