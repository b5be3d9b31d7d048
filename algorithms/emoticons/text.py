"""Emoticons as bits and back: two characters of ISO 8859-1, eight bits each."""

from __future__ import annotations

_PICTURES = 0x2400  # the pictures of control characters and of the space, in ASCII's order
_DELETE = 0x7F
_DELETE_PICTURE = "\N{SYMBOL FOR DELETE}"
_OTHER = "\N{REPLACEMENT CHARACTER}"

BITS = 16


def bits_of(emoticon: str) -> str:
    """Return the bits of two characters, the first character's most significant bit first."""
    return "".join(f"{byte:08b}" for byte in emoticon.encode("latin-1"))


def text_of(bits: str) -> str:
    """Return two visible characters for 16 *bits*; any text may come out of a noisy device."""
    characters = int(bits, 2).to_bytes(BITS // 8).decode("latin-1")
    return "".join(_visible(character) for character in characters)


def _visible(character: str) -> str:
    code = ord(character)
    if code <= ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    return character if character.isprintable() else _OTHER
