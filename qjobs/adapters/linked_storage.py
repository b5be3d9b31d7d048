"""The storage account linked to the quantum workspace, accessed by the SAS URLs it signs.

Plain HTTP does for one PUT and one GET. The blob client would open a connection for each blob, and
asks three times, with a sleep in between, for a blob whose content breaks off.
"""

from __future__ import annotations

from functools import cached_property

from azure.core import PipelineClient
from azure.core.rest import HttpRequest, HttpResponse

from qjobs.adapters.client_options import shared_transport


class LinkedStorage:
    """Upload of programs and download of results; safe for many threads."""

    def upload(self, container_uri: str, name: str, content: bytes, content_type: str) -> str:
        """Write a blob of a signed container, whether it is there or not; return its URL.

        Raises:
            azure.core.exceptions.AzureError: the storage does not respond, or refuses.

        """
        container, _, signature = container_uri.partition("?")
        url = f"{container}/{name}"
        headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": content_type}
        self._send(HttpRequest("PUT", f"{url}?{signature}", headers=headers, content=content))
        return url

    def download(self, blob_uri: str) -> bytes:
        """Return the content of a signed blob.

        Raises:
            azure.core.exceptions.AzureError: the storage does not respond, or refuses.

        """
        return self._send(HttpRequest("GET", blob_uri)).read()

    def _send(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self._client.send_request(request)
        response.raise_for_status()
        return response

    @cached_property
    def _client(self) -> PipelineClient[HttpRequest, HttpResponse]:
        # No policies: none that repeats, and none that logs a signature.
        return PipelineClient("", policies=[], transport=shared_transport())
