"""The master secret of webhooks: a secret in Key Vault or, on a laptop, an app setting."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qjobs.adapters.azure_errors import transient
from qjobs.adapters.client_options import one_attempt
from qjobs.domain.errors import TransientError, WebhooksUnavailableError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SECRET = "webhook-master"  # noqa: S105 - its name
"""The name of the secret."""
_SHORTEST = 32
"""Characters: a shorter secret could be guessed from a signature."""
_KEPT = 600.0
"""Seconds for which the secret is known without a question."""
_KEPT_MISSING = 30.0


@dataclass(frozen=True, slots=True)
class GivenMaster:
    """The `MasterSecret` of an app setting."""

    text: str | None

    async def read(self) -> bytes:
        """Return it."""
        return _checked(self.text)


@dataclass(slots=True)
class VaultMaster:
    """The `MasterSecret` of a key vault, kept for a while."""

    vault_uri: str
    credential: TokenCredential
    _text: str | None = None
    _until: float = 0.0
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> bytes:
        """Return it."""
        async with self._reading:
            if time.monotonic() >= self._until:
                self._text = await asyncio.to_thread(self._read)
                self._until = time.monotonic() + (_KEPT if self._text else _KEPT_MISSING)
        return _checked(self._text)

    def _read(self) -> str | None:
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415 - with the client
        from azure.keyvault.secrets import SecretClient  # noqa: PLC0415 - 0.25 s to import

        with (
            transient(TransientError),
            SecretClient(self.vault_uri, self.credential, **one_attempt()) as client,
        ):
            try:
                return client.get_secret(SECRET).value
            except ResourceNotFoundError:
                return None


def _checked(text: str | None) -> bytes:
    if not text or len(text) < _SHORTEST:
        raise WebhooksUnavailableError
    return text.encode()
