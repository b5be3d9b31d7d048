"""W3C trace context: the `traceparent` that names a trace and the span in it that comes before."""

from __future__ import annotations

import re

_TRACE_PARENT = re.compile(
    r"(?P<version>(?!ff)[0-9a-f]{2})"
    r"-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    r"(?P<rest>-.*)?"
)
_VERSION = "00"


def valid_trace_parent(text: object) -> str | None:
    """Return *text* as a `traceparent` of version 00; None if it is not a valid one.

    One of a later version may say more at its end, which is left out (W3C Trace Context, 4.3).
    """
    match = _TRACE_PARENT.fullmatch(text.strip(" \t")) if isinstance(text, str) else None
    if match is None or (match["version"] == _VERSION and match["rest"] is not None):
        return None
    return f"{_VERSION}-{match['trace']}-{match['span']}-{match['flags']}"


def trace_id(trace_parent: str | None) -> str | None:
    """Return the id of the trace that a valid `traceparent` names; None if there is none."""
    return trace_parent.split("-")[1] if trace_parent else None
