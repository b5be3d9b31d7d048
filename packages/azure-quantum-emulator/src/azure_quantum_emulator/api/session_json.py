"""Sessions as JSON: request and response bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from azure_quantum_emulator.api import seeds, times
from azure_quantum_emulator.api.job_request import OnTarget
from azure_quantum_emulator.api.requests import Given
from azure_quantum_emulator.api.seeds import as_given
from azure_quantum_emulator.sessions import FailurePolicy, Session


class SessionRequest(OnTarget):
    """The body of `PUT sessions/{id}`; the id is in the path alone."""

    job_failure_policy: Annotated[Literal["Abort", "Continue"] | None, Given] = None

    def to_session(self, session_id: str, now: int) -> Session:
        """Return the session that a client asks for.

        Raises:
            InvalidRequestError: the workspace has no such target.

        """
        target = self.find_target()
        return Session(
            id=session_id,
            name=self.name,
            provider_id=target.provider,
            target=target.id,
            policy=FailurePolicy(self.job_failure_policy or FailurePolicy.ABORT),
            created=now,
            active=now,
            charged=bool(target.cost_dimensions),
        )


def session(session: Session) -> dict[str, Any]:
    """Return a session as every operation shows it."""
    return as_given(session, seeds.parse_session, _session)


def _session(session: Session) -> dict[str, Any]:
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
