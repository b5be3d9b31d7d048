"""Identifiers: job ids that sort newest first, provider job ids and seeds derived from them."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

_NAMESPACE = UUID("6f0d3a52-6a0f-5b0e-9c53-6f5b6a3c9d10")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_BITS = 60
"""Microseconds since 1970 in 60 bits last until the year 38,500."""
_RANDOM_BITS = (1 << 62) - 1
"""The part of a job's id that is not its time."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_job_id(now: datetime) -> str:
    """Return a UUID version 8 whose text sorts before that of every job created earlier.

    The upper 60 free bits hold the microseconds that remain until the clock runs out, so that a
    plain listing of blob names is a listing of jobs, newest first; the other 62 are random.
    """
    elapsed = (now - _EPOCH) // timedelta(microseconds=1)
    remaining = (1 << _TIME_BITS) - 1 - elapsed
    value = (remaining >> 12) << 80 | 0x8 << 76 | (remaining & 0xFFF) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


def creation_time(job_id: str) -> datetime:
    """Return when a job was created, by its id."""
    value = UUID(job_id).int
    remaining = (value >> 80) << 12 | (value >> 64) & 0xFFF
    return _EPOCH + timedelta(microseconds=(1 << _TIME_BITS) - 1 - remaining)


def uuid_in_lower_case(text: str) -> str | None:
    """Return the UUID that *text* is, as `new_job_id` writes one; None if it is none.

    A UUID is the same in capitals (RFC 9562, 4).
    """
    lower = text.lower()
    return lower if _UUID.fullmatch(lower) else None


def provider_job_id(job_id: str, step: int, index: int) -> str:
    """Return the id under which circuit *index* of *step* runs at the provider.

    It is derived, not random, so that a repeated submission names the same job.
    """
    return str(uuid5(_NAMESPACE, f"{job_id}/{step}/{index}"))


def session_id(job_id: str, target: str) -> str:
    """Return the id of the session in which the steps of a job run at a target.

    It is derived, so that a process that goes on with the job after a crash finds the session.
    """
    return str(uuid5(_NAMESPACE, f"{job_id}/session/{target}"))


def event_id(job_id: str, event_type: str, step: int) -> str:
    """Return the id of an event of a job, derived so that a repetition of it has the same."""
    return str(uuid5(_NAMESPACE, f"{job_id}/event/{event_type}/{step}"))


def new_webhook_id() -> str:
    """Return the id of a new webhook, a random UUID."""
    return str(uuid4())


def webhook_id(owner: str, key: str) -> str:
    """Return the id of the webhook that an owner registers under an idempotency key."""
    return str(uuid5(_NAMESPACE, f"{owner}/webhook/{key}"))


def delivery_id(job_id: str, webhook_id: str) -> str:
    """Return the id of the event of a job's end for one webhook.

    It is derived from both, so that each repetition has the same, and sorts as the job's id does.
    """
    derived = uuid5(_NAMESPACE, f"{job_id}/delivery/{webhook_id}").int & _RANDOM_BITS
    return str(UUID(int=UUID(job_id).int & ~_RANDOM_BITS | derived))


def circuit_seed(seed: int, step: int, index: int) -> int:
    """Return the seed of one circuit of a job seeded with *seed*, below 2^31.

    Circuits must not share their sampling noise. The first one has the job's own seed, so that a
    run with the same seed elsewhere can be compared.
    """
    if step == index == 0:
        return seed
    digest = sha256(f"{seed}/{step}/{index}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1


def key_digest(key: str) -> str:
    """Return the name under which an idempotency key of an owner is stored, for any text."""
    return sha256(key.encode()).hexdigest()


def owner_key(caller: str) -> str:
    """Return the prefix under which everything of *caller* is stored.

    It is a hash: storage paths then hold no personal data and no character of the caller's choice.
    """
    return sha256(caller.encode()).hexdigest()[:32]
