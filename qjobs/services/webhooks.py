"""Webhooks of a caller: registered, listed, deleted, given a new secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    IdempotencyConflictError,
    InvalidInputError,
    InvalidParameterError,
)
from qjobs.domain.identifiers import uuid_in_lower_case, webhook_id
from qjobs.domain.json_values import normalized
from qjobs.domain.webhook import Webhook
from qjobs.domain.webhook_body import parse_registration, registration_violations
from qjobs.ports import Clock
from qjobs.services.listening import Listening
from qjobs.services.webhook_announcements import WAY
from qjobs.services.webhook_secrets import WebhookSecrets
from qjobs.webhook_ports import StoredWebhook, Webhooks

_MOST_ATTEMPTS = 10


def checked_webhook_id(text: str) -> str:
    """Return a webhook's id in the form it is stored under.

    Raises:
        InvalidParameterError: *text* is no UUID.

    """
    stored = uuid_in_lower_case(text)
    if stored is None:
        raise InvalidParameterError.of("Must be the id of a webhook, a UUID.", parameter="id")
    return stored


async def save_webhook(
    webhooks: Webhooks, stored: StoredWebhook, change: Callable[[Webhook], Webhook]
) -> Webhook:
    """Save a changed webhook, and decide again if its record has changed meanwhile.

    Raises:
        UnknownWebhookError: it has been deleted.
        ConcurrentUpdateError: the record changed again and again.

    """
    for _ in range(_MOST_ATTEMPTS):
        changed = change(stored.webhook)
        if changed == stored.webhook:
            return changed
        try:
            await webhooks.save(stored, changed)
        except ConcurrentUpdateError:
            stored = await webhooks.get(stored.webhook.owner, stored.webhook.id)
        else:
            return changed
    raise ConcurrentUpdateError


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook with its secret, which is shown at this moment alone."""

    webhook: Webhook
    secret: str
    replayed: bool = False
    """Whether an earlier request with the same idempotency key made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageWebhooks:
    """Register, list and delete the webhooks of a caller, and give them new secrets."""

    webhooks: Webhooks
    secrets: WebhookSecrets
    listening: Listening
    clock: Clock
    new_id: Callable[[], str]
    allowed: AbstractSet[str]
    """`HOST:PORT` of receivers on a laptop, for which the rules of URLs do not count."""

    async def register(
        self, owner: str, body: JSONObject, base: str, key: str | None = None
    ) -> Registered:
        """Return a new webhook, to which nothing but a ping is sent until that is accepted.

        Args:
            owner: key of the caller
            body: of the request
            base: address of the API as the caller sees it
            key: idempotency key

        Raises:
            InvalidInputError: it names everything that is wrong with *body*.
            IdempotencyConflictError: the key was used for a webhook with another URL.
            TooManyWebhooksError: the caller has as many as there can be.
            WebhooksUnavailableError: there is no master secret.

        """
        body = normalized(body)
        violations = list(registration_violations(body, self.allowed))
        if violations:
            raise InvalidInputError(violations=violations)
        wanted = parse_registration(body)
        await self.secrets.check()
        webhook = Webhook(
            id=self.new_id() if key is None else webhook_id(owner, key),
            owner=owner,
            url=wanted.url,
            events=wanted.events,
            description=wanted.description,
            base=base,
            created_at=self.clock.now(),
        )
        if key is not None:
            for stored in await self.webhooks.all(owner):
                if stored.webhook.id == webhook.id:
                    return await self._replay(stored.webhook, webhook)
        await self.webhooks.create(webhook)
        return Registered(webhook, await self.secrets.of(webhook))

    async def _replay(self, first: Webhook, again: Webhook) -> Registered:
        if (first.url, first.events, first.description) != (
            again.url,
            again.events,
            again.description,
        ):
            raise IdempotencyConflictError
        return Registered(first, await self.secrets.of(first), replayed=True)

    async def list(self, owner: str) -> Sequence[Webhook]:
        """Return the webhooks of a caller, the oldest first."""
        return [stored.webhook for stored in await self.webhooks.all(owner)]

    async def get(self, owner: str, webhook_id: str) -> Webhook:
        """Return a webhook.

        Raises:
            InvalidParameterError: *webhook_id* is no id.
            UnknownWebhookError: the caller has none of that id.

        """
        return (await self.webhooks.get(owner, checked_webhook_id(webhook_id))).webhook

    async def delete(self, owner: str, webhook_id: str) -> Webhook:
        """Delete a webhook and return it: what is on its way to it is not sent any more.

        Raises:
            InvalidParameterError: *webhook_id* is no id.
            UnknownWebhookError: the caller has none of that id.

        """
        stored = await self.webhooks.get(owner, checked_webhook_id(webhook_id))
        await self.webhooks.delete(stored)
        if not await self.webhooks.all(owner):
            await self.listening.remove(owner, WAY)
            if await self.webhooks.all(owner):
                # One was registered, and may have become active, at the same moment.
                await self.listening.note(owner, WAY)
        return stored.webhook

    async def rotate(self, owner: str, webhook_id: str) -> Registered:
        """Return a webhook with a new secret, beside which the one before signs for a day.

        Raises:
            InvalidParameterError: *webhook_id* is no id.
            UnknownWebhookError: the caller has none of that id.
            WebhooksUnavailableError: there is no master secret.

        """
        await self.secrets.check()
        stored = await self.webhooks.get(owner, checked_webhook_id(webhook_id))
        now = self.clock.now()
        webhook = await save_webhook(self.webhooks, stored, lambda one: one.rotated(now))
        return Registered(webhook, await self.secrets.of(webhook))
