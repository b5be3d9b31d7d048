"""Strict parsing of a JSON text: every mistake in it is a violation with a reason.

The parser takes duplicate members, NaN, numbers without limit and halves of surrogate pairs. Here
each is found where it stands and named by its JSON Pointer, in words that need no knowledge of
Python.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import MalformedBodyError, Violation, excerpt
from qjobs.domain.pointer import escape

_DEEPEST = 64
"""Arrays and objects inside each other; what comes later may recurse."""
_LONGEST_NUMBER = 30
_TOO_LARGE = "is out of range: numbers are from -1.7e308 to 1.7e308."
_MARKS = {
    b"\xef\xbb\xbf": "The body begins with a byte order mark; send it without.",
    b"\xff\xfe": "The body is UTF-16 or UTF-32; send it as UTF-8.",
    b"\xfe\xff": "The body is UTF-16; send it as UTF-8.",
    b"\x00\x00\xfe\xff": "The body is UTF-32; send it as UTF-8.",
}
_REASONS = {
    "Expecting value": "a value is expected",
    "Expecting property name enclosed in double quotes": (
        "the name of a member in double quotes is expected"
    ),
    "Expecting ':' delimiter": "a colon is expected",
    "Expecting ',' delimiter": "a comma or the end of the array or object is expected",
    "Illegal trailing comma before end of array": "a comma has nothing behind it",
    "Illegal trailing comma before end of object": "a comma has nothing behind it",
    "Extra data": "nothing may follow the object",
    "Unterminated string starting at": "a string that begins here has no end",
    "Invalid control character at": "a control character in a string has to be escaped",
    "Invalid \\escape": "a backslash begins an escape that JSON does not have",
    "Invalid \\uXXXX escape": "\\u has to be followed by four hexadecimal digits",
}
"""What Python's parser complains of, in our words; more may follow the key."""
_KINDS = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
_HALF = re.compile("[\ud800-\udfff]")
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}"]', re.DOTALL)
"""A whole string, a bracket, or the beginning of a string without an end."""


def parse_object(raw: bytes) -> JSONObject:
    """Return the JSON object that *raw* is the text of.

    Raises:
        MalformedBodyError: it is none; it names every number, string and member that is at fault.

    """
    text = _decoded(raw)
    if _depth(text) > _DEEPEST:
        raise _malformed(f"Arrays and objects are nested deeper than {_DEEPEST} levels.")
    faults: list[object] = []
    try:
        body = json.loads(
            text,
            parse_constant=lambda name: _Refused.among(faults, f"{name} is not a JSON number."),
            parse_float=lambda number: _number(faults, number, float),
            parse_int=lambda number: _number(faults, number, int),
            object_pairs_hook=lambda pairs: _object(faults, pairs),
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _malformed(f"Not JSON at {place}: {_reason(error.msg)}.") from error
    if faults or "\\u" in text:
        _check(body)
    if not isinstance(body, dict):
        kind = _KINDS.get(type(body), "a number")
        raise _malformed(f"The body is {kind}; it must be an object.")
    return body


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands in the parsed body where a number was that is none."""

    reason: str

    @classmethod
    def among(cls, faults: list[object], reason: str) -> _Refused:
        faults.append(refused := cls(reason))
        return refused


class _Repeated(dict[str, Any]):
    """Stands in the parsed body where an object has a member more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counted = Counter(name for name, _ in pairs)
        self.names = [name for name, times in counted.items() if times > 1]


def _decoded(raw: bytes) -> str:
    for mark, reason in _MARKS.items():
        if raw.startswith(mark):
            raise _malformed(reason)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        reason = f"The body is not UTF-8: byte {error.start + 1} is wrong."
        raise _malformed(reason) from error


def _depth(text: str) -> int:
    """Return how deeply *text* is nested, as far as it is JSON."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return 0
    depth = deepest = 0
    for token in _STRUCTURE.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                deepest = max(deepest, depth)
            case "]" | "}":
                depth -= 1
            case '"':
                break
    return deepest


def _number(faults: list[object], text: str, kind: type[int | float]) -> object:
    """Return a number that a double can hold: nothing later is made for any other."""
    if math.isinf(float(text)):
        return _Refused.among(faults, f"{excerpt(text, _LONGEST_NUMBER)} {_TOO_LARGE}")
    return kind(text)


def _object(faults: list[object], pairs: list[tuple[str, Any]]) -> JSONObject:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    faults.append(repeated := _Repeated(pairs))
    return repeated


def _reason(message: str) -> str:
    return next(
        (ours for theirs, ours in _REASONS.items() if message.startswith(theirs)),
        "it cannot be read on from here",
    )


def _check(body: object) -> None:
    violations = _violations(body, [])
    if (first := next(violations, None)) is not None:
        raise MalformedBodyError(violations=chain([first], violations))


def _violations(value: object, path: list[str]) -> Iterator[Violation]:
    """Find the violations in *value*; a pointer is only made for one that there is."""
    match value:
        case _Refused():
            yield _violation(value.reason, path)
        case str() if _HALF.search(value):
            yield _violation("The string has half a surrogate pair.", path)
        case list():
            for index, item in enumerate(value):
                yield from _inside(item, path, str(index))
        case dict():
            for name in value.names if isinstance(value, _Repeated) else ():
                yield _violation("The member is there more than once.", [*path, name])
            for name, item in value.items():
                if _HALF.search(name):
                    yield _violation("The name has half a surrogate pair.", [*path, name])
                yield from _inside(item, path, name)


def _inside(item: object, path: list[str], token: str) -> Iterator[Violation]:
    path.append(token)
    yield from _violations(item, path)
    path.pop()


def _violation(detail: str, path: list[str]) -> Violation:
    # Half a surrogate pair cannot be sent back.
    pointer = "".join(f"/{escape(token)}" for token in path)
    return Violation(detail, pointer=_HALF.sub("?", pointer))


def _malformed(detail: str) -> MalformedBodyError:
    return MalformedBodyError.of(detail, pointer="")
