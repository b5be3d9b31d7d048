"""Quotas: how much of a provider's units a workspace may use, and how much it has used."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Self

from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.fault_injection.clock import SECOND

MONTHLY = "Monthly"

_NAME = {"type": "string", "minLength": 1, "description": "a name"}
_AMOUNT = {
    "type": "number",
    "minimum": 0,
    "maximum": 1e15,
    "description": "an amount: a number from 0 to 1e15",
}

QUOTA: dict[str, Any] = {
    "type": "object",
    "description": "an object as the service lists quotas",
    "properties": {
        "dimension": _NAME,
        "scope": {"enum": ["Workspace", "Subscription"]},
        "providerId": _NAME,
        "utilization": _AMOUNT,
        "holds": _AMOUNT,
        "limit": _AMOUNT,
        "period": {"enum": ["None", MONTHLY, "Infinite"]},
    },
    "required": ["dimension", "providerId", "limit"],
    "additionalProperties": False,
}
"""JSON schema of a `Quota`."""


class QuotaExhaustedError(ServiceError):
    """A job that would use more than a quota allows.

    What the service says then is recorded nowhere. 403 is how Azure says that asking again is of
    no use; clients would repeat a 429 by themselves.
    """

    status = HTTPStatus.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota as the service lists it; amounts are in the unit that the dimension names."""

    dimension: str
    provider_id: str
    limit: float
    scope: str = "Workspace"
    utilization: float = 0.0
    """What finished jobs used."""
    holds: float = 0.0
    """What is kept back for others."""
    period: str = MONTHLY
    """`Monthly`: what was used is forgotten on the first of a month, by UTC."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the quota that *value*, which fits the schema, describes."""
        return cls(
            dimension=value["dimension"],
            provider_id=value["providerId"].lower(),
            limit=float(value["limit"]),
            scope=value.get("scope", "Workspace"),
            utilization=float(value.get("utilization", 0)),
            holds=float(value.get("holds", 0)),
            period=value.get("period", MONTHLY),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as the service and settings have it."""
        return {
            "dimension": self.dimension,
            "scope": self.scope,
            "providerId": self.provider_id,
            "utilization": self.utilization,
            "holds": self.holds,
            "limit": self.limit,
            "period": self.period,
        }

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing is left of it."""
        return self.utilization + self.holds >= self.limit

    def is_of(self, provider_id: str, dimension: str) -> bool:
        """Return whether it limits a dimension of a provider."""
        return self.provider_id == provider_id.lower() and self.dimension == dimension


class Ledger:
    """The quotas of the workspace, and what is used of them."""

    def __init__(self, quotas: tuple[Quota, ...], now: Callable[[], int]) -> None:
        self._now = now
        self._quotas = quotas
        self._month = self._current_month()

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """The quotas with what is used of them by now."""
        month = self._current_month()
        if month != self._month:
            self._month = month
            self._quotas = tuple(
                replace(quota, utilization=0.0) if quota.period == MONTHLY else quota
                for quota in self._quotas
            )
        return self._quotas

    def to_json(self) -> list[dict[str, Any]]:
        """Return the `value` of the service's list of quotas."""
        return [quota.to_json() for quota in self.quotas]

    def check(self, provider_id: str, dimensions: Container[str] | None = None) -> None:
        """Make sure that a provider may be given another job.

        Nobody knows what a job will use before it has ended: the last one may use more than is
        left.

        Args:
            provider_id: the provider
            dimensions: those that the job would use of; None means any

        Raises:
            QuotaExhaustedError: nothing is left of a quota that concerns the job.

        """
        for quota in self.quotas:
            concerns = quota.provider_id == provider_id.lower() and (
                dimensions is None or quota.dimension in dimensions
            )
            if concerns and quota.is_exhausted:
                raise QuotaExhaustedError(
                    "QuotaExceeded",
                    f"The quota of {quota.dimension} for the provider {quota.provider_id} is "
                    f"exhausted: {quota.utilization:g} of {quota.limit:g} are used.",
                )

    def use(self, provider_id: str, dimension: str, amount: float) -> None:
        """Add what a job used; it counts for each quota of this dimension, and may be none."""
        self._change(provider_id, dimension, lambda quota: quota.utilization + amount)

    def charge(self, provider_id: str, cost: Mapping[str, Any]) -> None:
        """Add what a finished job used, which its `costEstimate` tells."""
        for event in cost["events"]:
            self.use(provider_id, event["dimensionId"], event["amountConsumed"])

    def exhaust(self, provider_id: str, dimension: str) -> None:
        """Use up all that is left of a quota.

        Raises:
            ValueError: there is no such quota.

        """
        if not any(quota.is_of(provider_id, dimension) for quota in self.quotas):
            known = ", ".join(f"{each.dimension} of {each.provider_id}" for each in self.quotas)
            raise ValueError(
                f"There is no quota of {dimension} for the provider {provider_id}; "
                f"there is: {known or 'none'}."
            )
        self._change(
            provider_id,
            dimension,
            lambda quota: max(quota.utilization, quota.limit - quota.holds),
        )

    def _change(
        self, provider_id: str, dimension: str, utilization: Callable[[Quota], float]
    ) -> None:
        self._quotas = tuple(
            replace(quota, utilization=utilization(quota))
            if quota.is_of(provider_id, dimension)
            else quota
            for quota in self.quotas
        )

    def _current_month(self) -> tuple[int, int]:
        today = datetime.fromtimestamp(self._now() / SECOND, UTC)
        return today.year, today.month
