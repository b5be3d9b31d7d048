"""Hash functions of Bicep: guid() and uniqueString()."""

from __future__ import annotations

import uuid

_GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
"""The namespace of what guid() makes."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_FIRST, _SECOND = 0x239B961B, 0xAB0E9789
_WORD = 0xFFFFFFFF


def guid(*texts: str) -> str:
    """Return the same identifier for the same texts."""
    return str(uuid.uuid5(_GUIDS, "-".join(texts)))


def unique_string(*texts: str) -> str:
    """Return 13 letters and digits, the same for the same texts: a MurmurHash of them."""
    number = _murmur("-".join(texts).encode())
    return "".join(_LETTERS[number << 5 * place >> 59 & 31] for place in range(13))


def _turned(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & _WORD


def _scrambled(block: bytes, before: int, bits: int, after: int) -> int:
    word = int.from_bytes(block, "little")
    return _turned(word * before & _WORD, bits) * after & _WORD


def _finished(word: int) -> int:
    word = (word ^ word >> 16) * 0x85EBCA6B & _WORD
    word = (word ^ word >> 13) * 0xC2B2AE35 & _WORD
    return word ^ word >> 16


def _murmur(data: bytes) -> int:
    low = high = 0
    whole = len(data) // 8 * 8
    for at in range(0, whole, 8):
        low ^= _scrambled(data[at : at + 4], _FIRST, 15, _SECOND)
        low = ((_turned(low, 19) + high) * 5 + 0x561CCD1B) & _WORD
        high ^= _scrambled(data[at + 4 : at + 8], _SECOND, 17, _FIRST)
        high = ((_turned(high, 13) + low) * 5 + 0x0BCAA747) & _WORD
    low ^= _scrambled(data[whole : whole + 4], _FIRST, 15, _SECOND)
    high ^= _scrambled(data[whole + 4 :], _SECOND, 17, _FIRST)
    low, high = low ^ len(data), high ^ len(data)
    low = (low + high) & _WORD
    high = (high + low) & _WORD
    low, high = _finished(low), _finished(high)
    low = (low + high) & _WORD
    return (high + low & _WORD) << 32 | low
