"""Messages in the value of a queue output."""

from __future__ import annotations

import azure.functions as func
import pytest
from azure.functions.queue import QueueMessageOutConverter
from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.queues import output_messages


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("text", [b"text"]),
        ("", [b""]),
        ("é", ["é".encode()]),
        ('["a", "b"]', [b'["a", "b"]']),  # a text is a text, whatever is in it
        (b"\x00\xff", [b"\x00\xff"]),
        (["a", "é"], [b"a", "é".encode()]),
        ([], []),
        (func.QueueMessage(id="1", body="x"), [b'{"id": "1", "body": "x"}']),
        ([func.QueueMessage(id="1", body="x"), "b"], [b'{"id": "1", "body": "x"}', b"b"]),
    ],
)
def test_output_messages(given: object, expected: list[bytes]) -> None:
    """A text is one message, a list one for each item, anything else its JSON."""
    encoded = QueueMessageOutConverter.encode(given, expected_type=None)

    assert output_messages(Datum(encoded.value, encoded.type)) == expected
