from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.json_text import parse_object
from qjobs.domain.errors import MalformedBodyError

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)

RANGE = "is out of range: numbers are from -1.7e308 to 1.7e308."


def outcome(raw: bytes) -> tuple[dict[str, Any] | None, MalformedBodyError | None]:
    """Return what is read of a text, or the error."""
    try:
        return parse_object(raw), None
    except MalformedBodyError as error:
        return None, error


def refused(raw: bytes) -> list[tuple[str | None, str]]:
    """Return pointer and detail of everything that is wrong with a text."""
    _, error = outcome(raw)
    return [(one.pointer, one.detail) for one in error.violations] if error else []


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b" ", "Not JSON at line 1, column 2: a value is expected."),
        (b"not json", "Not JSON at line 1, column 1: a value is expected."),
        (
            b"{",
            "Not JSON at line 1, column 2: the name of a member in double quotes is expected.",
        ),
        (
            b"{'a': 1}",
            "Not JSON at line 1, column 2: the name of a member in double quotes is expected.",
        ),
        (b'{\n"a" 1}', "Not JSON at line 2, column 5: a colon is expected."),
        (
            b'{"a": [1 2]}',
            "Not JSON at line 1, column 10: a comma or the end of the array or object is expected.",
        ),
        (b'{"a": [1,]}', "Not JSON at line 1, column 9: a comma has nothing behind it."),
        (b'{"a": 1,}', "Not JSON at line 1, column 8: a comma has nothing behind it."),
        (b"{} {}", "Not JSON at line 1, column 4: nothing may follow the object."),
        (b'{"a": "b', "Not JSON at line 1, column 7: a string that begins here has no end."),
        (
            b'{"a": "\x01"}',
            "Not JSON at line 1, column 8: a control character in a string has to be escaped.",
        ),
        (
            b'{"a": "\\x41"}',
            "Not JSON at line 1, column 8: a backslash begins an escape that JSON does not have.",
        ),
        (
            b'{"a": "\\u12"}',
            "Not JSON at line 1, column 9: \\u has to be followed by four hexadecimal digits.",
        ),
        (b"\xef\xbb\xbf{}", "The body begins with a byte order mark; send it without."),
        ("{}".encode("utf-16"), "The body is UTF-16 or UTF-32; send it as UTF-8."),
        (b"\x00\x00\xfe\xff\x00\x00\x00{", "The body is UTF-32; send it as UTF-8."),
        (b'{"a": "\xff"}', "The body is not UTF-8: byte 8 is wrong."),
        (b'{"a": "\xed\xa0\x80"}', "The body is not UTF-8: byte 8 is wrong."),
        (b"[1]", "The body is an array; it must be an object."),
        (b"null", "The body is null; it must be an object."),
        (b"true", "The body is a boolean; it must be an object."),
        (b'"{}"', "The body is a string; it must be an object."),
        (b"1.5", "The body is a number; it must be an object."),
        (
            b'{"a": ' + b"[" * 9000 + b"]" * 9000 + b"}",
            "Arrays and objects are nested deeper than 64 levels.",
        ),
        (b'{"a":' * 100_000, "Arrays and objects are nested deeper than 64 levels."),
    ],
)
def test_what_is_wrong_with_a_whole_text_is_said(raw: bytes, detail: str) -> None:
    """The reason is the real one, in words of JSON, with the place where there is one."""
    assert refused(raw) == [("", detail)]


@pytest.mark.parametrize(
    ("raw", "violations"),
    [
        (b'{"a": {"b/c": 1e400}}', [("/a/b~1c", "1e400 " + RANGE)]),
        (b'{"a": [1, -1E+999]}', [("/a/1", "-1E+999 " + RANGE)]),
        (b'{"a": NaN}', [("/a", "NaN is not a JSON number.")]),
        (
            b'{"a": -Infinity, "b": Infinity}',
            [("/a", "-Infinity is not a JSON number."), ("/b", "Infinity is not a JSON number.")],
        ),
        (b'{"a": ' + b"9" * 5000 + b"}", [("/a", "9" * 29 + "… " + RANGE)]),
        (b'{"a": -' + b"9" * 400 + b".5}", [("/a", "-" + "9" * 28 + "… " + RANGE)]),
        (b'{"a": 1, "a": 2}', [("/a", "The member is there more than once.")]),
        (
            b'{"a": 1, "\\u0061": 1, "b": {"c": 1, "c": 1, "c": 1}}',
            [
                ("/a", "The member is there more than once."),
                ("/b/c", "The member is there more than once."),
            ],
        ),
        (b'{"a": {"x": NaN}, "a": 2}', [("/a", "The member is there more than once.")]),
        (b'{"a": "\\ud800"}', [("/a", "The string has half a surrogate pair.")]),
        (b'{"a": ["\\udc00\\ud800"]}', [("/a/0", "The string has half a surrogate pair.")]),
        (b'{"a": {"\\ud800": 1}}', [("/a/?", "The name has half a surrogate pair.")]),
        (
            b'{"a": {"\\ud800": 1, "\\ud800": NaN}}',
            [
                ("/a/?", "The member is there more than once."),
                ("/a/?", "The name has half a surrogate pair."),
                ("/a/?", "NaN is not a JSON number."),
            ],
        ),
        (b"NaN", [("", "NaN is not a JSON number.")]),
    ],
)
def test_what_is_wrong_with_a_member_is_said_of_it(
    raw: bytes, violations: list[tuple[str, str]]
) -> None:
    """Every number, name and string at fault has its pointer and the real reason."""
    assert refused(raw) == violations


@pytest.mark.parametrize(
    ("raw", "parsed"),
    [
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('{"a": "ä\u2028"}'.encode(), {"a": "ä\u2028"}),
        (b'\t\r\n {"a": [1, -0, 2.50, 1e2, null, true]}\n', {"a": [1, 0, 2.5, 100.0, None, True]}),
        (b'{"a": 9007199254740993}', {"a": 9007199254740993}),
        (b'{"a": 1e308, "b": 1e-400}', {"a": 1e308, "b": 0.0}),
        (b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}", None),
        (b'{"a": "' + b"[" * 9000 + b'"}', {"a": "[" * 9000}),
        (b'{"a": "\\"' + b'[\\"' * 9000 + b'"}', {"a": '"' + '["' * 9000}),
        (b'{"a": [' + b"[]," * 9000 + b"[]]}", {"a": [[]] * 9001}),
        (b'{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}),
    ],
)
def test_what_is_json_is_read(raw: bytes, parsed: dict[str, Any] | None) -> None:
    """Nothing that RFC 8259 allows is refused, but for depth and the range of numbers."""
    assert parse_object(raw) == (json.loads(raw) if parsed is None else parsed)


@given(VALUES)
def test_any_value_is_read_as_it_is_or_refused(value: object) -> None:
    """Whatever Python writes is read again as it was, unless a part of it is no JSON."""
    parsed, error = outcome(json.dumps({"value": value}).encode())

    if error is None:
        assert parsed == {"value": value}
    else:
        assert 1 <= len(error.violations) <= 20


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_refused(raw: bytes) -> None:
    """No body makes the parser fail in another way, and no refusal is without a reason."""
    parsed, error = outcome(raw)

    assert isinstance(parsed, dict) if error is None else error.violations


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=6))
def test_an_object_is_read_if_its_names_differ(pairs: list[tuple[str, int]]) -> None:
    """Exactly the members that are there more than once are named."""
    text = ",".join(f"{json.dumps(name)}: {number}" for name, number in pairs)
    names = [name for name, _ in pairs]
    repeated = {f"/{name}" for name in names if names.count(name) > 1}

    parsed, _ = outcome(f"{{{text}}}".encode())

    assert parsed == (None if repeated else dict(pairs))
    assert {pointer for pointer, _ in refused(f"{{{text}}}".encode())} == repeated


@pytest.mark.parametrize(
    "raw",
    [
        b'{"' + b"n" * 500_000 + b'": [' + b"NaN," * 100_000 + b"NaN]}",
        b"{" + b",".join(b'"%d": 1, "%d": 1' % (one, one) for one in range(20_000)) + b"}",
        b'{"a": [' + b'"\\ud800",' * 100_000 + b"1]}",
        b'{"a": "' + b'\\"' * 500_000,
        b'{"a": ' + b"1" * 1_000_000 + b"}",
        b"[" * 1_000_000,
    ],
)
def test_a_megabyte_of_mistakes_is_answered_in_a_few_lines(raw: bytes) -> None:
    """What is told of a body is bounded, whatever was sent."""
    told = refused(raw)

    assert told
    assert sum(len(f"{pointer} {detail}") for pointer, detail in told) < 10_000
