"""The storage account that is linked to the workspace."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.identity.aio import ManagedIdentityCredential
from azure.storage.blob import (
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)
from azure.storage.blob.aio import BlobServiceClient

from azure_quantum_emulator.content_encoding import check_size, decoded
from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.signatures import AccountKey, DelegatedKey, Signer

LIFETIME = timedelta(days=14)
"""Of a shared access signature."""

_MOST_KEPT = 4096
"""Signatures remembered, the oldest forgotten first."""
_CLIENT: Mapping[str, Any] = {
    "use_env_settings": False,  # looking for a proxy costs a request two changes of thread
    "retry_total": 2,  # clients try again themselves, and must not wait for minutes
    "initial_backoff": 1,
    "increment_base": 1,
    "connection_timeout": 5,
    "read_timeout": 30,
}
_IN_IT = ResourceTypes(container=True, object=True)
"""What a signature for all of an account is for."""
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class BlobName:
    """A blob of the account."""

    container: str
    blob: str


@dataclass(frozen=True, slots=True)
class _Signed:
    """A shared access signature: its permissions, resource and expiry."""

    permission: str
    container: str
    blob: str | None
    download: str
    whole_account: bool
    expiry: datetime


class BlobStorage:
    """Reads and writes blobs, and lets clients do so with shared access signatures."""

    def __init__(
        self,
        client: BlobServiceClient,
        account: str,
        signer: Signer,
        lifetime: Callable[[], timedelta] = lambda: LIFETIME,
        credential: ManagedIdentityCredential | None = None,
    ) -> None:
        self._client = client
        self._lifetime = lifetime
        self._account = account
        self._signer = signer
        self._credential = credential
        self._root = client.url.partition("?")[0].rstrip("/") + "/"
        self._signed: dict[_Signed, str] = {}

    @classmethod
    def connect(
        cls,
        account: str,
        lifetime: Callable[[], timedelta] = lambda: LIFETIME,
        client_id: str | None = None,
    ) -> Self:
        """Connect to an account.

        Args:
            account: its connection string; or the address of its blob service, for a managed
                identity
            lifetime: asked how long a shared access signature is to be valid
            client_id: of a user-assigned identity

        Raises:
            ValueError: *account* is neither, or names no account.

        """
        credential = None
        if account.startswith("https://"):
            credential = ManagedIdentityCredential(client_id=client_id)
            client = BlobServiceClient(account, credential, **_CLIENT)
        else:
            client = BlobServiceClient.from_connection_string(account, **_CLIENT)
        key = getattr(client.credential, "account_key", None)
        if client.account_name is None or not (credential or isinstance(key, str)):
            raise ValueError("The connection string has no account name or no account key.")
        signer = DelegatedKey(client) if credential else AccountKey(str(key))
        return cls(client, client.account_name, signer, lifetime, credential)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
        if self._credential is not None:
            await self._credential.close()

    async def create_container(self, container: str) -> None:
        """Create a container unless it exists.

        Raises:
            InvalidRequestError: no container can have this name.
            azure.core.exceptions.AzureError: the account does not answer.

        """
        try:
            await self._client.create_container(container)
        except ResourceExistsError:
            return
        except HttpResponseError as error:
            if error.status_code != HTTPStatus.BAD_REQUEST:
                raise
            raise InvalidRequestError(
                "InvalidRequest", f"No container can be named {container}."
            ) from error

    async def read(self, name: BlobName) -> bytes:
        """Return the content of a blob, in one transaction.

        Raises:
            azure.core.exceptions.AzureError: there is no such blob, or the account does not answer.
            ContentError: it is too large, or not in the encoding that it says.

        """
        blob = self._client.get_blob_client(name.container, name.blob)
        stored = await blob.download_blob(decompress=False)
        check_size(stored.size)
        content = await stored.readall()
        encoding = stored.properties.content_settings.content_encoding
        return await asyncio.to_thread(decoded, content, encoding) if encoding else content

    async def write(self, name: BlobName, content: bytes) -> None:
        """Write a blob, in one transaction.

        Raises:
            azure.core.exceptions.AzureError: the account refused, or does not answer.

        """
        blob = self._client.get_blob_client(name.container, name.blob)
        await blob.upload_blob(content, overwrite=True)

    def uri(self, container: str, blob: str | None = None) -> str:
        """Return the URI of a container or a blob."""
        path = container if blob is None else f"{container}/{quote(blob)}"
        return self._root + path

    @property
    def has_key(self) -> bool:
        """Whether it has the key of the account, which alone can sign for all of it."""
        return isinstance(self._signer, AccountKey)

    async def signed_uri(
        self,
        permission: str,
        container: str,
        blob: str | None = None,
        *,
        download: str = "",
        whole_account: bool = False,
    ) -> str:
        """Return the URI of a container or a blob, with a shared access signature.

        Args:
            permission: letters such as `r`
            container: the container
            blob: the blob in it, if the signature is to be for a blob alone
            download: the name under which a browser is to save it
            whole_account: whether the signature is to be for all containers and blobs of the
                account, so that it can create the container; only where it `has_key`

        Raises:
            azure.core.exceptions.AzureError: the account gives no key to sign with.

        """
        # Signatures made soon after each other are the same, so that polling a job does not sign
        # again and again. The time is the real one: the account knows no other.
        lifetime = min(self._lifetime(), self._signer.longest)
        step = max(lifetime / 24, timedelta.resolution)
        now = datetime.min.replace(tzinfo=UTC)
        now += (datetime.now(UTC) - now) // step * step
        wanted = _Signed(permission, container, blob, download, whole_account, now + lifetime)
        if wanted not in self._signed:
            token = self._sign(wanted, await self._signer.arguments())
            self._signed[wanted] = f"{self.uri(container, blob)}?{token}"
            while len(self._signed) > _MOST_KEPT:
                del self._signed[next(iter(self._signed))]
        return self._signed[wanted]

    def _sign(self, wanted: _Signed, key: Mapping[str, Any]) -> str:
        common = {"permission": wanted.permission, "expiry": wanted.expiry, **key}
        if wanted.whole_account:
            return str(generate_account_sas(self._account, resource_types=_IN_IT, **common))
        if wanted.blob is None:
            return str(generate_container_sas(self._account, wanted.container, **common))
        file = _NOT_IN_A_FILE_NAME.sub("_", wanted.download)
        disposition = f"attachment; filename={file}" if file else None
        return str(
            generate_blob_sas(
                self._account,
                wanted.container,
                wanted.blob,
                content_disposition=disposition,
                **common,
            )
        )

    def locate_container(self, uri: str) -> str:
        """Return the name of the container at *uri*.

        Raises:
            InvalidRequestError: it is no container of this account.

        """
        container, _, rest = self._path(uri).partition("/")
        if not container or rest:
            raise _not_here(uri)
        return container

    def locate_blob(self, uri: str) -> BlobName:
        """Return the name of the blob at *uri*.

        Raises:
            InvalidRequestError: it is no blob of this account.

        """
        container, _, blob = self._path(uri).partition("/")
        if not container or not blob:
            raise _not_here(uri)
        return BlobName(container, unquote(blob))

    def own_address(self, uri: str) -> str:
        """Return the address of a container or a blob, with its query, in the account's spelling.

        Raises:
            InvalidRequestError: it is not in this account.

        """
        return f"{self._root}{self._path(uri)}?{urlsplit(uri).query}"

    def _path(self, uri: str) -> str:
        address = urlsplit(uri)._replace(query="", fragment="").geturl()
        # Clients that expect the account in the host leave it out of the path.
        origin = urlsplit(self._root)._replace(path="/").geturl()
        for root in (self._root, origin):
            path = address.removeprefix(root).rstrip("/")
            if address.startswith(root) and ".." not in unquote(path).split("/"):
                return path
        raise _not_here(uri)


def _not_here(uri: str) -> InvalidRequestError:
    address = uri.partition("?")[0]  # the rest may be a signature
    return InvalidRequestError(
        "InvalidJobDefinition", f"{address} is not in the storage account of the workspace."
    )
