"""Secrets of webhooks, derived when they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qjobs.domain.webhook import Webhook, secret_of
from qjobs.webhook_ports import MasterSecret


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """Derive the secrets of webhooks from the master secret."""

    master: MasterSecret

    async def check(self) -> None:
        """Check that there is a master secret.

        Raises:
            WebhooksUnavailableError: there is none.

        """
        await self.master.read()

    async def of(self, webhook: Webhook) -> str:
        """Return the newest secret of a webhook.

        Raises:
            WebhooksUnavailableError: there is no master secret.

        """
        return secret_of(await self.master.read(), webhook.owner, webhook.id, webhook.generation)

    async def all(self, webhook: Webhook, now: datetime) -> Sequence[str]:
        """Return the secrets that sign at a moment, the newest first.

        Raises:
            WebhooksUnavailableError: there is no master secret.

        """
        master = await self.master.read()
        return [
            secret_of(master, webhook.owner, webhook.id, generation)
            for generation in webhook.generations(now)
        ]
