from __future__ import annotations

import json

import pytest

from azure_quantum_emulator import json_text


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, -2.5, True, None, "x\0y"], "": {}},
        2**63 - 1,
        -(2**63),
        1e308,
        "\U0001f600",
    ],
)
def test_what_json_can_say_is_read(value: object) -> None:
    """Every value that another program writes comes through as it is."""
    assert json_text.parse(json.dumps(value).encode()) == value
    assert json_text.parse(json.dumps(value, ensure_ascii=False).encode("utf-8-sig")) == value


REFUSED = {
    "NaN is not a number of JSON": b'{"a": NaN}',
    "Infinity is not a number of JSON": b"[Infinity]",
    "-Infinity is not a number of JSON": b'{"a": {"b": -Infinity}}',
    "1e400 is out of range": b"1e400",
    "-1E999 is out of range": b'{"a": [-1E999]}',
    "9223372036854775808 is out of range": b'{"a": 9223372036854775808}',
    r"9{40}\.\.\. is out of range": b"9" * 5000,
    "out of range": b"1" + b"0" * 400,
    "lone surrogate": rb'{"a": "\ud800"}',
    r"'\\udc00' in a text is half a character": rb'{"\udc00": 1}',
    "more than 100 levels": b"[" * 101 + b"]" * 101,
    "more than 100 level": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "can't decode byte": '{"a": "é"}'.encode("latin-1"),
    "codec can't decode": '{"a": 1}'.encode("utf-16"),
    "enclosed in double quotes": '{"a": 1}'.encode("utf-32-le"),
    "Extra data": b"{} {}",
    "Expecting property name": b"{'a': 1}",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_written_again_is_refused(reason: str) -> None:
    """The message names the value; a document that was taken never breaks an answer."""
    with pytest.raises(ValueError, match=reason):
        json_text.parse(REFUSED[reason])


def test_a_hundred_levels_are_enough() -> None:
    """The limit itself is inside."""
    assert json_text.parse(b"[" * 100 + b"]" * 100)
