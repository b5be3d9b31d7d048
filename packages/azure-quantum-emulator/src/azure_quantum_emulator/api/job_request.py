"""Jobs as JSON: what clients ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from azure_quantum_emulator.api import requests
from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.storage import BlobName, BlobStorage
from azure_quantum_emulator.targets.catalogue import Target, all_targets
from azure_quantum_emulator.workspace import Changes

PRIORITIES = ("Standard", "High")
CHANGEABLE = ("name", "priority", "tags")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def parse_id(text: str) -> str:
    """Return the id of a job or a session, which has to be a GUID.

    Raises:
        InvalidRequestError: it is none.

    """
    if not _GUID.fullmatch(text):
        raise InvalidRequestError("InvalidRequest", f"The id {text} is not a GUID.")
    return text


def parse_job(job_id: str, body: Mapping[str, Any], storage: BlobStorage, now: int) -> Job:
    """Return the job that a client asks for.

    Args:
        job_id: from the path; the body has none
        body: the JSON of the request
        storage: where its blobs must be
        now: time of creation

    Raises:
        InvalidRequestError: the workspace cannot take such a job.

    """
    name = requests.text(body, "name")
    target = parse_target(body)
    container = storage.locate_container(requests.text(body, "containerUri"))
    input_format = requests.text(body, "inputDataFormat")
    if input_format not in target.input_formats:
        raise _invalid(
            f"The inputDataFormat {input_format} is not supported by {target.id}; "
            f"{' or '.join(target.input_formats)} is."
        )
    return Job(
        id=job_id,
        name=name,
        provider_id=target.provider,
        target=target.id,
        container=container,
        input_blob=_input_blob(body, container, storage),
        input_data_format=input_format,
        # One that the target does not write fails the job when it has run, as on the service.
        output_data_format=_optional_text(body, "outputDataFormat") or target.output_formats[0],
        input_params=_object(body, "inputParams"),
        metadata=_metadata(body),
        tags=_tags(body) or (),
        priority=requests.one_of(body, "priority", PRIORITIES, "Standard"),
        session_id=_optional_text(body, "sessionId"),
        created=now,
        modified=now,
    )


def parse_changes(body: Mapping[str, Any]) -> Changes:
    """Return what a client wants to change of a job.

    Raises:
        InvalidRequestError: it cannot be changed, or not to that.

    """
    if unknown := sorted(set(body) - set(CHANGEABLE)):
        raise _invalid(f"The field {unknown[0]} cannot be changed; {', '.join(CHANGEABLE)} can be.")
    priority = requests.one_of(body, "priority", (*PRIORITIES, ""), "")
    return Changes(_optional_text(body, "name"), priority or None, _tags(body))


def parse_target(body: Mapping[str, Any]) -> Target:
    """Return the target that a job or a session names.

    Raises:
        InvalidRequestError: the workspace has no such target.

    """
    provider = requests.text(body, "providerId")
    target = all_targets().get(requests.text(body, "target"))
    if target is None or target.provider != provider.lower():
        raise _invalid(
            "The target specified does not exist or is not enabled for the workspace: "
            f"{body['target']} of {provider}."
        )
    return target


def _input_blob(body: Mapping[str, Any], container: str, storage: BlobStorage) -> BlobName:
    uri = _optional_text(body, "inputDataUri")
    return BlobName(container, "inputData") if uri is None else storage.locate_blob(uri)


def _optional_text(body: Mapping[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is None or (isinstance(value, str) and value):
        return value
    raise _invalid(f"The field {field} is not a text.")


def _object(body: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = body.get(field) or {}
    if not isinstance(value, dict):
        raise _invalid(f"The field {field} is not an object.")
    return value


def _tags(body: Mapping[str, Any]) -> tuple[str, ...] | None:
    value = body.get("tags")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise _invalid("The field tags is not a list of texts.")
    return tuple(value)


def _metadata(body: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the metadata as the service keeps it: every value as text."""
    if body.get("metadata") is None:
        return None
    return {name: _text(value) for name, value in _object(body, "metadata").items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError("InvalidJobDefinition", message)
