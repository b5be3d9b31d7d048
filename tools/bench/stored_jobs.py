"""Jobs that are in storage already: copies of a finished one, with ids of their own.

A copy has every blob that the finished job left, in the accounts of the app and of the workspace
(one Azurite on a laptop), so its layout cannot be another. The blobs are written without an SDK,
which would take longer than Azurite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote, urlencode

from aiohttp import ClientSession, TCPConnector
from azure.storage.blob import (
    AccountSasPermissions,
    BlobServiceClient,
    ResourceTypes,
    generate_account_sas,
)
from yarl import URL

from qjobs.domain.identifiers import new_job_id, provider_job_id
from tools.bench.timing import seconds_of

CONNECTIONS = 16
_VALID = timedelta(hours=1)
_OF_A_CIRCUIT = re.compile(r"job-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The container of a circuit, of which an account may have thousands."""
_API_VERSION = "2023-11-03"


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob with everything that was written with it."""

    container: str
    name: str
    content: bytes
    content_type: str
    metadata: Mapping[str, str]
    tags: Mapping[str, str]

    @property
    def path(self) -> str:
        """Its path below the account's."""
        return f"{self.container}/{quote(self.name)}"

    def copied(self, job_id: str, copy_id: str) -> StoredBlob:
        """Return the blob of the copy *copy_id* of the job *job_id*."""
        ids = {job_id: copy_id, _circuit(job_id): _circuit(copy_id)}

        def renamed(text: str) -> str:
            for old, new in ids.items():
                text = text.replace(old, new)
            return text

        return StoredBlob(
            renamed(self.container),
            renamed(self.name),
            renamed(self.content.decode()).encode(),
            self.content_type,
            {name: renamed(value) for name, value in self.metadata.items()},
            self.tags,
        )

    def headers(self) -> dict[str, str]:
        """Return the headers of the request that writes it."""
        return {
            "x-ms-blob-type": "BlockBlob",
            "x-ms-blob-content-type": self.content_type,
            **({"x-ms-tags": urlencode(self.tags)} if self.tags else {}),
            **{f"x-ms-meta-{name}": value for name, value in self.metadata.items()},
        }


def blobs_of(connection_string: str, job_id: str) -> list[StoredBlob]:
    """Return the blobs of a job of one circuit, in both accounts."""
    found: list[StoredBlob] = []
    with BlobServiceClient.from_connection_string(connection_string) as service:
        for container in service.list_containers():
            own = container.name == _container(job_id)
            if own or not _OF_A_CIRCUIT.fullmatch(container.name):
                blobs = service.get_container_client(container).list_blobs()
                names = [blob.name for blob in blobs if own or job_id in blob.name]
                found += [_read(service, container.name, name) for name in names]
    return found


async def store_copies(connection_string: str, job_id: str, count: int) -> Sequence[str]:
    """Write *count* copies of a finished job of one circuit; return their ids."""
    pattern = blobs_of(connection_string, job_id)
    ids = [new_job_id(datetime.now(UTC)) for _ in range(count)]
    containers = [_container(copy_id) for copy_id in ids]
    copies = [blob.copied(job_id, copy_id) for copy_id in ids for blob in pattern]
    url, signature = _signed(connection_string)
    async with ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as http:

        async def put(path: str, headers: Mapping[str, str], content: bytes = b"") -> None:
            address = URL(f"{url}/{path}{signature}", encoded=True)
            async with http.put(address, headers=headers, data=content) as response:
                response.raise_for_status()

        version = {"x-ms-version": _API_VERSION}
        made = [partial(put, f"{name}?restype=container&", version) for name in containers]
        await seconds_of(made, CONNECTIONS)
        written = [
            partial(put, f"{blob.path}?", version | blob.headers(), blob.content) for blob in copies
        ]
        await seconds_of(written, CONNECTIONS)
    return ids


def _read(service: BlobServiceClient, container: str, name: str) -> StoredBlob:
    client = service.get_blob_client(container, name)
    stream = client.download_blob()
    properties = stream.properties
    return StoredBlob(
        container,
        name,
        stream.readall(),
        str(properties.content_settings.content_type),
        dict(properties.metadata or {}),
        client.get_blob_tags(),
    )


def _signed(connection_string: str) -> tuple[str, str]:
    """Return the address of the account's blobs, and a signature that lets one write there."""
    with BlobServiceClient.from_connection_string(connection_string) as service:
        signature = generate_account_sas(
            str(service.account_name),
            service.credential.account_key,
            ResourceTypes(container=True, object=True),
            AccountSasPermissions(create=True, write=True, tag=True),
            datetime.now(UTC) + _VALID,
        )
        return str(service.url).rstrip("/"), signature


def _container(job_id: str) -> str:
    """Return the container of a job's circuit in the workspace's account."""
    return f"job-{_circuit(job_id)}"


def _circuit(job_id: str) -> str:
    return provider_job_id(job_id, 0, 0)
