"""Signing of shared access signatures: with the account's key, or with a delegated one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.storage.blob import UserDelegationKey
from azure.storage.blob.aio import BlobServiceClient

_DELEGATED = timedelta(days=7)
"""For how long the account gives a key away at most."""
_SKEW = timedelta(minutes=15)
"""By how much clocks may differ."""


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Signs with the key of the account: a service SAS."""

    key: str
    longest: timedelta = timedelta.max
    """The longest lifetime of a signature."""

    async def arguments(self) -> Mapping[str, Any]:
        """Return the key."""
        return {"account_key": self.key}


@dataclass(slots=True)
class DelegatedKey:
    """Signs with a key that the account gives to an identity for some days: a delegation SAS.

    The real service does the same where the account allows no shared keys.
    """

    client: BlobServiceClient
    longest: timedelta = _DELEGATED / 2
    _key: UserDelegationKey | None = None
    _renew_at: datetime | None = None

    async def arguments(self) -> Mapping[str, Any]:
        """Return the key, or the next one while the last signatures of this one are valid.

        Raises:
            azure.core.exceptions.AzureError: the account does not respond, or refuses.

        """
        now = datetime.now(UTC)
        if self._renew_at is None or now >= self._renew_at:
            end = now + _DELEGATED
            self._key = await self.client.get_user_delegation_key(now - _SKEW, end)
            self._renew_at = end - self.longest
        return {"user_delegation_key": self._key}


type Signer = AccountKey | DelegatedKey
"""A source of keys for shared access signatures."""
