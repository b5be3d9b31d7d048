"""Inputs that are stored in an encoding: decoded as a whole, or refused."""

from __future__ import annotations

import gzip
import zlib

import pytest

from azure_quantum_emulator import content_encoding
from azure_quantum_emulator.content_encoding import ContentError, decoded

FIRST, SECOND = b"X 0\n", b"MEASURE 0 ro[0]\n"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP "])
@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (gzip.compress(FIRST), FIRST),
        (gzip.compress(FIRST) + gzip.compress(SECOND), FIRST + SECOND),
        (gzip.compress(b"") + gzip.compress(FIRST) + gzip.compress(SECOND), FIRST + SECOND),
        (gzip.compress(b""), b""),
    ],
    ids=["one member", "two members", "an empty one before", "an empty one alone"],
)
def test_all_members_of_a_gzip_are_read(content: bytes, plain: bytes, encoding: str) -> None:
    """Half a program would be another one, and may run (RFC 1952: members follow each other)."""
    assert decoded(content, encoding) == plain


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (gzip.compress(FIRST) + gzip.compress(SECOND)[:-4], "gzip", "its gzip breaks off"),
        (gzip.compress(FIRST) + b"junk", "gzip", "it is no gzip"),
        (gzip.compress(FIRST)[:-8] + bytes(8), "gzip", "it is no gzip"),
        (zlib.compress(FIRST) + b"junk", "deflate", "it is no deflate"),
        (zlib.compress(FIRST)[2:-4], "deflate", "it is no deflate"),
        (b"", "deflate", "its deflate breaks off"),
    ],
    # Of compressed bytes, which have the time in them, an id would be another in each process.
    ids=range(6),
)
def test_what_is_not_in_its_encoding_is_refused(content: bytes, encoding: str, reason: str) -> None:
    """To its last byte."""
    with pytest.raises(ContentError, match=reason):
        decoded(content, encoding)


@pytest.mark.parametrize("members", [1, 3])
def test_a_limit_is_for_all_members_together(members: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The most bytes are allowed, and not one more."""
    monkeypatch.setattr(content_encoding, "MOST_BYTES", 3 << 20)
    member = gzip.compress(bytes((3 << 20) // members))

    assert len(decoded(member * members, "gzip")) == 3 << 20
    with pytest.raises(ContentError, match="it has more than 3 MiB"):
        decoded(member * members + gzip.compress(b"1"), "gzip")


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip, gzip", "", None])
def test_an_encoding_that_is_not_known_leaves_a_blob_as_it_is(encoding: str | None) -> None:
    """The program's reader says then what it is not."""
    assert decoded(FIRST, encoding) == FIRST
