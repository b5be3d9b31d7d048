"""Collection of the state that a run leaves, from Azurite and the workspace themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobProperties, BlobServiceClient
from azure.storage.queue import QueueServiceClient

from localdev.stack.endpoints import workspace_of
from localdev.stack.facts import StackFacts
from qjobs.adapters.job_record import decode
from qjobs.domain.job import Status
from tools.soak.messages import OURS
from tools.soak.state import ProviderJobState, QueueState, Record, State

RECORDS, DOCUMENTS, RESERVATIONS = "jobs", "job-documents", "idempotency"
_INPUTS = "job-"
_OTHERS = re.compile(r"heartbeats|azure-webjobs-.*")
"""Containers in which nothing belongs to a job."""
_STEP = re.compile(r"[^/]+/([^/]+)/step-(\d+)\.json")
_TIMEOUT = 30.0
_API_VERSION = "2026-01-15-preview"


class Snapshot:
    """Reads the state of a stack, past its faulty links."""

    def __init__(self, facts: StackFacts) -> None:
        connection = facts["storage"]["connectionString"]
        self._blobs = BlobServiceClient.from_connection_string(connection)
        self._queues = QueueServiceClient.from_connection_string(connection)
        self._workspace = workspace_of(facts)
        self._coordinates = facts["workspace"]

    def overview(self) -> State:
        """Return the part that shows whether a run is over: records, provider jobs, queues."""
        records: dict[str, Record] = {}
        unreadable: list[str] = []
        for blob in self._listed(RECORDS, "metadata", "tags"):
            try:
                job = decode((blob.metadata or {})["record"])
            except (LookupError, TypeError, ValueError):
                unreadable.append(blob.name)
            else:
                records[job.id] = Record(job, dict(blob.tags or {}))
        return State(
            records,
            unreadable,
            provider_jobs=self._provider_jobs(),
            queues=tuple(self._queue_states()),
        )

    def everything(self) -> State:
        """Return the whole state."""
        state = self.overview()
        containers = [container.name for container in self._blobs.list_containers()]
        documents = [blob.name for blob in self._listed(DOCUMENTS)]
        known = {RECORDS, DOCUMENTS, RESERVATIONS}
        inputs = {
            name.removeprefix(_INPUTS)
            for name in containers
            if name.startswith(_INPUTS) and name not in known
        }
        return replace(
            state,
            records={job_id: self._with_result(record) for job_id, record in state.records.items()},
            documents=documents,
            programs={
                (match[1], int(match[2])): len(programs)
                for name in documents
                if (match := _STEP.fullmatch(name))
                # A step that was withdrawn before it was placed has none.
                and (programs := self._json(DOCUMENTS, name).get("parts"))
            },
            reservations={
                blob.name: self._json(RESERVATIONS, blob.name)["job_id"]
                for blob in self._listed(RESERVATIONS)
            },
            sessions=self._sessions(),
            inputs=frozenset(inputs),
            unknown_containers=[
                name
                for name in containers
                if name not in known
                and not name.startswith(_INPUTS)
                and not _OTHERS.fullmatch(name)
            ],
        )

    def _with_result(self, record: Record) -> Record:
        if record.job.status is not Status.SUCCEEDED:
            return record
        content = self._json(RECORDS, f"{record.job.owner}/{record.job.id}")
        return replace(record, content=content)

    def _listed(self, container: str, *include: str) -> Iterator[BlobProperties]:
        try:
            yield from self._blobs.get_container_client(container).list_blobs(include=list(include))
        except ResourceNotFoundError:
            return

    def _json(self, container: str, blob: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self._blobs.get_blob_client(container, blob).download_blob().readall())

    def _sessions(self) -> dict[str, str]:
        where = self._coordinates
        address: str | None = (
            f"{self._workspace.url}subscriptions/{where['subscriptionId']}/resourceGroups/"
            f"{where['resourceGroup']}/providers/Microsoft.Quantum/workspaces/{where['name']}"
            f"/sessions?api-version={_API_VERSION}"
        )
        found: dict[str, str] = {}
        while address is not None:
            response = httpx.get(address, headers=dict(self._workspace.headers), timeout=_TIMEOUT)
            response.raise_for_status()
            page = response.json()
            found |= {session["id"]: session["status"] for session in page["value"]}
            address = page.get("nextLink")
        return found

    def _provider_jobs(self) -> list[ProviderJobState]:
        response = httpx.get(
            f"{self._workspace.url}emulator/jobs",
            headers=dict(self._workspace.headers),
            timeout=_TIMEOUT,
        )
        response.raise_for_status()
        return [
            ProviderJobState(job["id"], job["name"], job["target"], job["status"])
            for job in response.json()
        ]

    def _queue_states(self) -> Iterator[QueueState]:
        for queue in self._queues.list_queues(name_starts_with=OURS):
            client = self._queues.get_queue_client(queue.name)
            visible = [str(message.content) for message in client.peek_messages(32)]
            total = client.get_queue_properties().approximate_message_count or 0
            yield QueueState(queue.name, visible, total)
