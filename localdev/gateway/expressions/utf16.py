"""Text as .NET counts it: a character beyond U+FFFF is two, a high and a low surrogate."""

from __future__ import annotations

import re

_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def split(text: str) -> str:
    """Return a text with the surrogates in the place of such characters."""
    return text if text.isascii() else _BEYOND.sub(_surrogates, text)


def join(text: str) -> str:
    """Return a text with such characters in the place of surrogates.

    Half a character is replaced by U+FFFD, which is what .NET makes of it when it is sent.
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _surrogates(match: re.Match[str]) -> str:
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
