"""Seeds: jobs and sessions to add as they are, parsed from the JSON of the service's lists.

So a list that was saved from a real workspace can be shown by the emulator. Nothing is run, and
nothing is checked but what the lists need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from azure_quantum_emulator.api import times
from azure_quantum_emulator.errors import InvalidRequestError, JobError
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.sessions import FailurePolicy, Session, SessionStatus
from azure_quantum_emulator.storage import BlobName
from azure_quantum_emulator.store import Item


def parse(body: Mapping[str, Any]) -> list[Item]:
    """Return the items of a `value`.

    Raises:
        InvalidRequestError: one of them is not as the service lists it; the message says which.

    """
    listed = body.get("value")
    if not isinstance(listed, list):
        raise InvalidRequestError("InvalidRequest", "The field value is not a list of items.")
    items: list[Item] = []
    for index, item in enumerate(listed):
        try:
            items.append(_job(item) if item["itemType"] == "Job" else _session(item))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidRequestError(
                "InvalidRequest", f"value[{index}] is not as the service lists it: {error!r}"
            ) from None
    return items


def _job(item: Mapping[str, Any]) -> Job:
    error = item["errorData"]
    source, output = _blob(item["inputDataUri"]), _blob(item["outputDataUri"])
    created = times.parse(item["creationTime"])
    modified = _time(item.get("lastModifiedTime"))
    return Job(
        id=item["id"],
        name=item["name"],
        provider_id=item["providerId"],
        target=item["target"],
        container=source.container,
        input_blob=source,
        input_data_format=item["inputDataFormat"],
        output_data_format=item["outputDataFormat"],
        input_params=item["inputParams"],
        metadata=item["metadata"],
        tags=tuple(item["tags"]),
        created=created,
        modified=created if modified is None else modified,
        session_id=item["sessionId"],
        status=Status(item["status"]),
        sent=item["quantumComputingData"] is not None,
        begun=_time(item["beginExecutionTime"]),
        ended=_time(item["endExecutionTime"]),
        cancelled=_time(item["cancellationTime"]),
        error=None if error is None else JobError(error["code"], error["message"]),
        output=output.blob,
        cost=item["costEstimate"],
    )


def _session(item: Mapping[str, Any]) -> Session:
    created, cost = times.parse(item["creationTime"]), item["costEstimate"]
    return Session(
        id=item["id"],
        name=item["name"],
        provider_id=item["providerId"],
        target=item["target"],
        policy=FailurePolicy(item["jobFailurePolicy"]),
        created=created,
        active=created,
        status=SessionStatus(item["status"]),
        ended=_time(item["endExecutionTime"]),
        cost=None if cost is None else cost["estimatedTotal"],
    )


def _blob(uri: str) -> BlobName:
    container, _, blob = unquote(urlsplit(uri).path).strip("/").rpartition("/")
    return BlobName(container.rpartition("/")[2], blob)


def _time(text: str | None) -> int | None:
    return None if text is None else times.parse(text)
