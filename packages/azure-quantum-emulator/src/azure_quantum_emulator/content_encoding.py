"""Content encodings of inputs: decompressed up to a limit, and whole."""

from __future__ import annotations

import zlib

MOST_BYTES = 64 << 20
"""Of an input, stored and decompressed: programs of a million gates have a quarter of it."""
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""The format that zlib expects, by the encoding."""


class ContentError(Exception):
    """An input that cannot be read: it is too large, or not in the encoding that it says."""


def check_size(size: int) -> None:
    """Refuse an input of more than the most bytes.

    Raises:
        ContentError: it is.

    """
    if size > MOST_BYTES:
        raise ContentError(f"it has more than {MOST_BYTES >> 20} MiB")


def decoded(content: bytes, encoding: str | None) -> bytes:
    """Return the content of a blob; an encoding that is not known leaves it as it is.

    Raises:
        ContentError: it is not in the encoding, breaks off, or is too large decompressed.

    """
    window = _WINDOWS.get((encoding or "").strip().lower())
    if window is None:
        return content
    plain, rest = bytearray(), content
    while rest or rest is content:
        decompressor = zlib.decompressobj(window)
        try:
            plain += decompressor.decompress(rest, MOST_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise ContentError(f"it is no {encoding}: {error}") from error
        check_size(len(plain))
        if not decompressor.eof:
            raise ContentError(f"its {encoding} breaks off")
        rest = decompressor.unused_data  # another member; a file of gzip may have any number
    return bytes(plain)
