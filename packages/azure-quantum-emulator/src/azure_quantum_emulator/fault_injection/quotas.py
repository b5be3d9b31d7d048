"""Quotas: limits of a provider's units for a workspace, and their utilization."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.fault_injection.clock import SECOND
from azure_quantum_emulator.json_model import JsonModel

Name = Annotated[str, Field(min_length=1)]
Amount = Annotated[float, Field(ge=0, le=1e15)]


class QuotaExhaustedError(ServiceError):
    """A job refused because a quota of its provider is exhausted: 403.

    What the service says then is recorded nowhere. 403 is how Azure says that asking again is of
    no use; clients would repeat a 429 by themselves.
    """

    status = HTTPStatus.FORBIDDEN


class Quota(JsonModel):
    """A quota as the service lists it; amounts are in the unit that the dimension names."""

    dimension: Name
    provider_id: Annotated[Name, AfterValidator(str.lower)]
    limit: Amount
    scope: Literal["Workspace", "Subscription"] = "Workspace"
    utilization: Amount = 0.0
    """what finished jobs used"""
    holds: Amount = 0.0
    """what is kept back for others"""
    period: Literal["None", "Monthly", "Infinite"] = "Monthly"
    """`Monthly`: what was used is forgotten on the first of a month, by UTC"""

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing is left of it."""
        return self.utilization + self.holds >= self.limit

    def is_of(self, provider_id: str, dimension: str) -> bool:
        """Return whether it limits a dimension of a provider."""
        return self.provider_id == provider_id.lower() and self.dimension == dimension


DEFAULTS = tuple(
    Quota(
        provider_id=provider_id,
        dimension=dimension,
        limit=limit,
        scope="Subscription",
        period="Infinite",
    )
    for provider_id, dimension, limit in (
        ("ionq", "qgs", 16_666_667),
        ("quantinuum", "hqc", 1e6),
        ("quantinuum", "ehqc", 1e6),
    )
)
"""What a workspace has from the start: the quotas that Microsoft's documents show, with limits that
stop nobody who does not ask for it."""


class Ledger:
    """The ledger of the workspace's quotas: limits and utilization."""

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
                _with_utilization(quota, 0.0) if quota.period == "Monthly" else quota
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
        """Add the usage of a job, if any, to each quota of this dimension."""
        self._change(provider_id, dimension, lambda quota: quota.utilization + amount)

    def charge(self, provider_id: str, cost: Mapping[str, Any]) -> None:
        """Add the usage of a finished job, which is in its `costEstimate`."""
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
            _with_utilization(quota, utilization(quota))
            if quota.is_of(provider_id, dimension)
            else quota
            for quota in self.quotas
        )

    def _current_month(self) -> tuple[int, int]:
        today = datetime.fromtimestamp(self._now() / SECOND, UTC)
        return today.year, today.month


def _with_utilization(quota: Quota, utilization: float) -> Quota:
    return quota.model_copy(update={"utilization": utilization})
