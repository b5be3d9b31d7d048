"""JSON Pointers (RFC 6901) to members of a request."""

from __future__ import annotations

from qjobs.domain.errors import excerpt

_LONGEST_TOKEN = 100


def escape(member: str) -> str:
    """Return *member* as a token of a JSON Pointer; a very long name is cut."""
    return excerpt(member, _LONGEST_TOKEN).replace("~", "~0").replace("/", "~1")
