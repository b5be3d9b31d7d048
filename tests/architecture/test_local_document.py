"""docs/local.md has every difference between the local stack and Azure that tests know of."""

from __future__ import annotations

from tests.integration.functions_host.differences import REASONS, Kind
from tests.markdown import table

ROWS = list(table("docs/local.md", "What differs from Azure"))


def test_the_host_is_described_as_it_is_tested() -> None:
    """Each reason for a difference to the recordings of the Functions host has its row."""
    reasons = [[reason.kind, reason.here, reason.azure] for reason in REASONS.values()]

    assert sorted(ROWS[: len(reasons)]) == sorted(reasons)


def test_the_gateway_is_described_as_it_is_tested() -> None:
    """Each refusal of what C# takes, which docs/gateway.md shows by example, has its row."""
    refusals = [
        [Kind.REFUSED, f"A policy expression with {what} is refused {when}.", "Takes it."]
        for what, _, when, _ in table("docs/gateway.md", "On a laptop")
    ]

    assert ROWS[len(REASONS) :] == refusals
