"""The container of a circuit names its job, and nothing else is taken for one."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.identifiers import owner_key
from qjobs.domain.output_event import Origin, origin_of_output

ORIGIN = Origin(owner_key("alice"), "f0000000-0000-8000-8000-00000000000a", 12)
VALID = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,62}")
"""Names of containers: letters, digits and single hyphens (Azure Storage, naming of containers)."""


def announced(container: str, blob: str = "outputData", **members: str) -> dict[str, object]:
    """Return an event as Event Grid sends it."""
    subject = f"/blobServices/default/containers/{container}/blobs/{blob}"
    return {
        "topic": "/subscriptions/x",
        "subject": subject,
        "eventType": "Microsoft.Storage.BlobCreated",
        "id": "1",
        "data": {"url": f"https://x/{container}/{blob}"},
        **members,
    }


@given(
    st.text("0123456789abcdef", min_size=32, max_size=32),
    st.uuids().map(str),
    st.integers(0, 36**4 - 1),
)
def test_a_container_names_its_circuit(owner: str, job: str, index: int) -> None:
    """From the name alone comes the origin back, and storage takes the name."""
    origin = Origin(owner, job, index)

    name = origin.container

    assert len(name) <= 63
    assert VALID.fullmatch(name)
    assert Origin.of(name) == origin


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("blob", ["outputData", "rawOutputData"])
def test_an_output_is_recognised(blob: str, encoded: bool) -> None:
    """As text, and in Base64 as Event Grid puts it into a queue."""
    text = json.dumps(announced(ORIGIN.container, blob))
    message = base64.b64encode(text.encode()).decode() if encoded else text

    assert origin_of_output(message) == ORIGIN


def test_an_event_in_the_schema_of_cloud_events_is_recognised() -> None:
    """It has `type` in place of `eventType`."""
    event = announced(ORIGIN.container)
    event["type"] = event.pop("eventType")

    assert origin_of_output(json.dumps(event)) == ORIGIN


@pytest.mark.parametrize(
    "event",
    [
        announced(ORIGIN.container, "inputData"),
        announced("job-0c4a0e2e-5b1c-11f0-9d7a-00155d3a1c2f"),
        announced(ORIGIN.container + "-1"),
        announced("qjobs-" + "z" * 50 + "-0"),
        announced(ORIGIN.container, eventType="Microsoft.Storage.BlobDeleted"),
        {"eventType": "Microsoft.Storage.BlobCreated"},
        {},
        [],
        "text",
        None,
    ],
)
def test_anything_else_is_no_output_of_ours(event: object) -> None:
    """Programs, foreign containers, deletions and other JSON are left alone."""
    assert origin_of_output(json.dumps(event)) is None


@pytest.mark.parametrize("message", ["", "no JSON", "{", "é", "AAAA", "{}{}"])
def test_what_cannot_be_read_is_a_value_error(message: str) -> None:
    """Neither JSON nor Base64 of it, however it fails."""
    with pytest.raises(ValueError, match=r".*"):
        origin_of_output(message)
