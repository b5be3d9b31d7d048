"""Seeds: jobs and sessions to add as they are, parsed from the JSON of the service's lists.

So a list that was saved from a real workspace can be shown by the emulator. Nothing is run, and
nothing is checked but what the lists need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
            items.append(parse_job(item) if item["itemType"] == "Job" else parse_session(item))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidRequestError(
                "InvalidRequest", f"value[{index}] is not as the service lists it: {error!r}"
            ) from None
    return items


def as_given[T: Item](
    item: T, parse_item: Callable[[Mapping[str, Any]], T], shown: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """Return an item as it is shown: one of a seed as it was given, but for what has changed since.

    Args:
        item: a job or a session
        parse_item: parses a seed
        shown: says how the item is shown if it is not from a seed

    """
    if item.given is None:
        return shown(item)
    before = shown(parse_item(item.given))
    changed = {name: value for name, value in shown(item).items() if before[name] != value}
    return {**item.given, **changed}


def parse_job(item: Mapping[str, Any]) -> Job:
    """Return the job of a seed.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.

    """
    error = item.get("errorData")
    source, output = _blob(item["inputDataUri"]), _blob(item["outputDataUri"])
    return Job(
        id=item["id"],
        name=item["name"],
        provider_id=item["providerId"],
        target=item["target"],
        container=source.container,
        input_blob=source,
        input_data_format=item["inputDataFormat"],
        output_data_format=item["outputDataFormat"],
        input_params=item.get("inputParams") or {},
        metadata=item.get("metadata"),
        tags=tuple(item.get("tags") or ()),
        created=times.parse(item["creationTime"]),
        modified=_time(item.get("lastModifiedTime")),
        job_type=item.get("jobType") or "QuantumComputing",
        session_id=item.get("sessionId"),
        status=Status(item["status"]),
        sent=item.get("quantumComputingData") is not None,
        begun=_time(item.get("beginExecutionTime")),
        ended=_time(item.get("endExecutionTime")),
        cancelled=_time(item.get("cancellationTime")),
        error=None if error is None else JobError(error["code"], error["message"]),
        output=output.blob,
        cost=item.get("costEstimate"),
        given=item,
    )


def parse_session(item: Mapping[str, Any]) -> Session:
    """Return the session of a seed.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.

    """
    cost = item.get("costEstimate")
    return Session(
        id=item["id"],
        name=item["name"],
        provider_id=item["providerId"],
        target=item["target"],
        policy=FailurePolicy(item.get("jobFailurePolicy") or FailurePolicy.ABORT),
        created=times.parse(item["creationTime"]),
        active=None,
        status=SessionStatus(item["status"]),
        ended=_time(item.get("endExecutionTime")),
        cost=None if cost is None else cost["estimatedTotal"],
        given=item,
    )


def _blob(uri: str) -> BlobName:
    container, _, blob = unquote(urlsplit(uri).path).strip("/").rpartition("/")
    return BlobName(container.rpartition("/")[2], blob)


def _time(text: str | None) -> int | None:
    return None if text is None else times.parse(text)
