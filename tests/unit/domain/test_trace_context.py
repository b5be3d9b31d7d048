"""What counts as a W3C trace context, and what a message keeps of it."""

from __future__ import annotations

import json

import pytest

from qjobs.domain.messages import Message, Queue
from qjobs.domain.trace_context import trace_id, valid_trace_parent

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
VALID = f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (VALID, VALID),
        (f"00-{TRACE}-{SPAN}-00", f"00-{TRACE}-{SPAN}-00"),
        (f" {VALID}\t", VALID),  # a header may have blanks around its value
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like", VALID),
        (f"cc-{TRACE}-{SPAN}-01", VALID),
        (f"00-{TRACE}-{SPAN}-01-more", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"cc-{TRACE}-{SPAN}-01.more", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (VALID.upper(), None),
        (f"{VALID},{VALID}", None),  # the header was there twice
        (f"{VALID}\n", None),
        (f"00-{TRACE}-{SPAN}", None),
        (f"00-{TRACE[1:]}-{SPAN}-01", None),
        ("nonsense", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_only_a_valid_trace_context_is_kept(text: object, kept: str | None) -> None:
    """The cases are those of the standard and of its test suite."""
    assert valid_trace_parent(text) == kept


def test_a_trace_has_an_id() -> None:
    """It is what all spans of a job share."""
    assert (trace_id(VALID), trace_id(None)) == (TRACE, None)


@pytest.mark.parametrize("trace_parent", [VALID, None])
def test_a_message_carries_its_trace_context(trace_parent: str | None) -> None:
    """What is queued comes back as it was."""
    message = Message(Queue.TRACK, "owner", "id", step=2, trace_parent=trace_parent)

    assert Message.decode(message.encode()) == message


def test_a_message_of_an_earlier_version_belongs_to_no_trace() -> None:
    """It was written before messages carried one, and is a message all the same."""
    old = '{"version": 1, "kind": "qjobs-dispatch", "owner": "o", "job_id": "id", "step": 0}'

    assert Message.decode(old) == Message(Queue.DISPATCH, "o", "id", 0)


@pytest.mark.parametrize("text", ["nonsense", 5, None, {}, f"00-{'0' * 32}-{SPAN}-01"])
def test_a_malformed_trace_context_costs_no_message(text: object) -> None:
    """The job goes on, in no trace."""
    members = json.loads(Message(Queue.DISPATCH, "o", "id", 0).encode())

    read = Message.decode(json.dumps({**members, "trace_parent": text}))
    assert read == Message(Queue.DISPATCH, "o", "id", 0)
