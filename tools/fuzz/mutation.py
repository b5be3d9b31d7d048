"""Mutations of programs: small damage to a text, to its numbers and its lines, or to bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random

_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_NASTY = (
    b"0", b"-1", b"1", b"2", b"7", b"29", b"1000000000", b"9223372036854775807",
    b"9223372036854775808", b"1e999", b"-1e-999", b"NaN", b"Infinity", b"0x7FF8000000000000",
    b"null", b"true", b'"x"', b"[]", b"{}", b"1.5", b"9" * 5000, b"undef", b"pi", b"1/0",
)  # fmt: skip
_CHARACTERS = b"\x00\n \"'\\{}[]()<>;:,.%@!#*/+-=~0aZ\x7f\x80\xff"
_MOST = 3
_ALIKE = 6
"""Characters at the beginning of a line that say which kind of instruction it is."""


def mutated(random: Random, source: bytes) -> bytes:
    """Return a program with one to three mutations."""
    is_binary = b"\x00" in source
    for _ in range(random.choice([1, 1, 1, 2, _MOST])):
        source = random.choice(_OF_BYTES if is_binary else _OF_TEXT)(random, source)
    return source


def _number(random: Random, source: bytes) -> bytes:
    harmless = b"%d" % random.randint(0, 4)
    return _replaced(random, source, _NUMBER, random.choice([harmless, random.choice(_NASTY)]))


def _word(random: Random, source: bytes) -> bytes:
    words = _WORD.findall(source) or [b"x"]
    return _replaced(random, source, _WORD, random.choice(words))


def _replaced(random: Random, source: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    places = [found.span() for found in pattern.finditer(source)]
    if not places:
        return source
    first, last = random.choice(places)
    return source[:first] + new + source[last:]


def _lines(random: Random, source: bytes) -> bytes:
    """Lose a line, say it twice, or say it elsewhere."""
    lines = source.split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.randint(0, 2)):
        lines.insert(random.randint(0, len(lines)), line)
    return b"\n".join(lines)


def _instruction(random: Random, source: bytes) -> bytes:
    """Lose an instruction, repeat it, or put another in its place that begins alike."""
    lines = source.split(b"\n")
    place = random.randrange(len(lines))
    alike = [line for line in lines if line[:_ALIKE] == lines[place][:_ALIKE]]
    lines[place : place + 1] = random.choice([[], [lines[place]] * 2, [random.choice(alike)]])
    return b"\n".join(lines)


def _member(random: Random, source: bytes) -> bytes:
    """Change the value of JSON somewhere, and nothing of its form."""
    try:
        value = json.loads(source)
    except ValueError:
        return _instruction(random, source)
    place = value
    while isinstance(place, dict | list) and place:
        keys = [*place] if isinstance(place, dict) else [*range(len(place))]
        key = random.choice(keys)
        if not isinstance(place[key], dict | list) or random.random() < 1 / 4:
            others = [place[other] for other in keys]
            place[key] = random.choice([*others, 0, 1, 2, 0.5, "h", [0, 1], None])
            break
        place = place[key]
    return json.dumps(value).encode()


def _character(random: Random, source: bytes) -> bytes:
    place = random.randint(0, len(source))
    inserted = bytes([random.choice(_CHARACTERS)])
    return source[:place] + inserted + source[place + random.randint(0, 1) :]


def _cut(random: Random, source: bytes) -> bytes:
    first = random.randint(0, len(source))
    return source[:first] + source[first + random.randint(1, 40) :]


def _end(random: Random, source: bytes) -> bytes:
    return source[: random.randint(0, len(source))]


def _nested(random: Random, source: bytes) -> bytes:
    opened, closed = random.choice([(b"(", b")"), (b"[", b"]"), (b'{"a":', b"}")])
    depth = random.choice([1, 50, 3000])
    return _replaced(random, source, _NUMBER, opened * depth + b"1" + closed * depth)


def _flip(random: Random, source: bytes) -> bytes:
    if not source:
        return source
    place = random.randrange(len(source))
    return source[:place] + bytes([source[place] ^ 1 << random.randrange(8)]) + source[place + 1 :]


type _Mutation = Callable[[Random, bytes], bytes]
_OF_BYTES: list[_Mutation] = [_flip, _flip, _flip, _cut, _end, _character]
_OF_TEXT: list[_Mutation] = [_number, _number, _number, _word, _word, _lines, _character, _cut]
_OF_TEXT += [_member] * 4 + [_instruction] * 4
_OF_TEXT += [_end, _nested, _flip]
