"""The storage account linked to the quantum workspace, accessed by the SAS URLs it signs.

The SDK opens a connection for each blob and closes it again. Here connections are kept, which
spares every job two handshakes.
"""

from __future__ import annotations

from functools import cached_property

from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobClient, ContentSettings


class LinkedStorage:
    """Upload of programs and download of results; safe for many threads."""

    def upload(self, container_uri: str, name: str, content: bytes, content_type: str) -> str:
        """Write a blob of a signed container, whether it is there or not; return its URL."""
        container, _, signature = container_uri.partition("?")
        url = f"{container}/{name}"
        self._blob(f"{url}?{signature}").upload_blob(
            content, overwrite=True, content_settings=ContentSettings(content_type=content_type)
        )
        return url

    def download(self, blob_uri: str) -> bytes:
        """Return the content of a signed blob."""
        return self._blob(blob_uri).download_blob().readall()

    def _blob(self, uri: str) -> BlobClient:
        return BlobClient.from_blob_url(uri, transport=self._transport)

    @cached_property
    def _transport(self) -> RequestsTransport:
        # Clients do not close a transport that they were given.
        return RequestsTransport()
