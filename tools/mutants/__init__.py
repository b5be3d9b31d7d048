"""Mutation testing: many small changes of the code, and which of them no test notices."""

from __future__ import annotations
