"""Path and query of a request as ASP.NET's server reads them, and the URL written anew."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote

_SLASH = re.compile("%(?=2f)", re.IGNORECASE)
_BARE_PERCENT = re.compile("%(?![0-9a-f]{2})", re.IGNORECASE)
_KEPT = "/%!$&'()*+,;=:@~"
"""Characters that a path may have as they are."""


def decode_path(raw: bytes) -> str:
    """Decode all of a path but slashes, then remove its dot segments.

    Raises:
        ValueError: it has bytes that no URL has, or a NUL.

    """
    path = unquote(_SLASH.sub("%25", raw.decode("ascii")), errors=_STAYS)
    if "\0" in path:
        raise ValueError("a path has no NUL")
    made: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            made[-1:] = []
        elif segment != ".":
            made.append(segment)
    if segments[-1] in {".", ".."}:
        made.append("")
    return "/" + "/".join(made)


def encode_path(path: str) -> str:
    """Encode a decoded path for a URL; what is percent-encoded still stays so."""
    return quote(_BARE_PERCENT.sub("%25", path), safe=_KEPT)


def decode_query(query: bytes) -> dict[str, str]:
    """Decode the parameters that have a value."""
    return merged(parse_qsl(query.decode("latin-1"), errors=_STAYS))


def merged(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join the values of each name, whatever its case, with commas, in their order."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in pairs:
        before = found.get(name.lower())
        found[name.lower()] = (name, f"{before[1]},{value}" if before else value)
    return dict(found.values())


def _stay_encoded(error: UnicodeError) -> tuple[str, int]:
    """Leave bytes that are no UTF-8 percent-encoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return quote(error.object[error.start : error.end]), error.end


_STAYS = "stay-percent-encoded"
codecs.register_error(_STAYS, _stay_encoded)
