"""Sessions as JSON: what clients ask for, and what the service answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure_quantum_emulator.api import requests, times
from azure_quantum_emulator.api.job_request import parse_target
from azure_quantum_emulator.sessions import FailurePolicy, Session


def parse_session(session_id: str, body: Mapping[str, Any], now: int) -> Session:
    """Return the session that a client asks for.

    Raises:
        InvalidRequestError: the workspace cannot take such a session.

    """
    target = parse_target(body)
    policy = requests.one_of(body, "jobFailurePolicy", tuple(FailurePolicy), FailurePolicy.ABORT)
    return Session(
        id=session_id,
        name=requests.text(body, "name"),
        provider_id=target.provider,
        target=target.id,
        policy=FailurePolicy(policy),
        created=now,
        active=now,
        charged=bool(target.cost_dimensions),
    )


def session(session: Session) -> dict[str, Any]:
    """Return a session as every operation shows it."""
    cost: dict[str, Any] = {"currencyCode": "USD", "events": [], "estimatedTotal": session.cost}
    return {
        "status": session.status,
        "jobFailurePolicy": session.policy,
        "jobPriority": "Basic",
        "name": session.name,
        "id": session.id,
        "providerId": session.provider_id,
        "target": session.target,
        "creationTime": times.ticks(session.created),
        "endExecutionTime": None if session.ended is None else times.ticks(session.ended),
        "costEstimate": None if session.cost is None else cost,
        "itemType": "Session",
    }
