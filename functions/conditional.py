"""Conditional requests: If-None-Match (RFC 9110, 13.1.2)."""

from __future__ import annotations

import re

import azure.functions as func

_ENTITY_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def is_fresh(req: func.HttpRequest, entity_tag: str) -> bool:
    """Return whether the caller has the representation of *entity_tag*, a strong one, already."""
    condition: str = req.headers.get("if-none-match", "").strip()
    return condition == "*" or entity_tag in _ENTITY_TAG.findall(condition)
