"""Bodies of requests that create or change jobs, and the jobs they describe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict

from azure_quantum_emulator.api.requests import Given, NonEmpty, RequestBody
from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.json_model import Strings
from azure_quantum_emulator.storage import BlobName, BlobStorage
from azure_quantum_emulator.targets.catalogue import Target, all_targets

Priority = Annotated[Literal["Standard", "High"] | None, Given]

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class OnTarget(RequestBody):
    """The fields that say for which target a job or a session is."""

    name: NonEmpty
    provider_id: NonEmpty
    target: NonEmpty

    def find_target(self) -> Target:
        """Return the target.

        Raises:
            InvalidRequestError: the workspace has no such target.

        """
        found = all_targets().get(self.target)
        if found is None or found.provider != self.provider_id.lower():
            raise InvalidRequestError(
                self.error_code,
                "The target specified does not exist or is not enabled for the workspace: "
                f"{self.target} of {self.provider_id}.",
            )
        return found


class JobRequest(OnTarget):
    """The body of `PUT jobs/{id}`; the id is in the path alone."""

    container_uri: NonEmpty
    input_data_uri: NonEmpty | None = None
    input_data_format: NonEmpty
    input_params: Annotated[dict[str, Any] | None, Given] = None
    output_data_format: NonEmpty | None = None
    metadata: dict[str, Any] | None = None
    tags: Strings | None = None
    priority: Priority = None
    session_id: NonEmpty | None = None

    def to_job(self, job_id: str, storage: BlobStorage, now: int) -> Job:
        """Return the job that a client asks for.

        Args:
            job_id: from the path
            storage: where its blobs must be
            now: time of creation

        Raises:
            InvalidRequestError: the workspace cannot take such a job.

        """
        target = self.find_target()
        container = storage.locate_container(self.container_uri)
        source = self.input_data_format
        if source not in target.input_formats:
            raise InvalidRequestError(
                self.error_code,
                f"The inputDataFormat {source} is not supported by {target.id}; "
                f"{' or '.join(target.input_formats)} is.",
            )
        uri = self.input_data_uri
        return Job(
            id=job_id,
            name=self.name,
            provider_id=target.provider,
            target=target.id,
            container=container,
            input_blob=storage.locate_blob(uri) if uri else BlobName(container, "inputData"),
            input_data_format=source,
            # One that the target does not write fails the job when it has run, as on the service.
            output_data_format=self.output_data_format or target.output_format_of(source),
            input_params=self.input_params or {},
            metadata=_as_text(self.metadata),
            tags=self.tags or (),
            priority=self.priority or "Standard",
            session_id=self.session_id,
            created=now,
            modified=now,
        )


class JobChanges(RequestBody):
    """The body of `PATCH jobs/{id}`; fields that are null or missing stay as they are."""

    model_config = ConfigDict(extra="forbid")
    name: NonEmpty | None = None
    priority: Priority = None
    tags: Strings | None = None


def parse_id(text: str) -> str:
    """Return the id of a job or a session, which has to be a GUID.

    Raises:
        InvalidRequestError: it is none.

    """
    if not _GUID.fullmatch(text):
        raise InvalidRequestError("InvalidRequest", f"The id {text} is not a GUID.")
    return text


def _as_text(metadata: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return the metadata as the service keeps it: every value as text."""
    if metadata is None:
        return None
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in metadata.items()
    }
