"""Quotas and what is used of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from azure_quantum_emulator.fault_injection.clock import SECOND, Clock
from azure_quantum_emulator.fault_injection.quotas import Ledger, Quota, QuotaExhaustedError

NOVEMBER = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp()) * SECOND
TWO_WEEKS = 14 * 86_400


def ledger(clock: Clock | None = None, **changes: Any) -> Ledger:  # noqa: ANN401 - of a quota
    """Return a ledger with a quota of ten, and one of another dimension."""
    asked = {"dimension": "hqc", "providerId": "quantinuum", "limit": 10} | changes
    other = Quota(dimension="ehqc", provider_id="quantinuum", limit=40.0, utilization=5.0)
    clock = clock or Clock(lambda: NOVEMBER)
    return Ledger((Quota.from_json(asked), other), clock.now)


def test_quotas_look_as_the_service_lists_them() -> None:
    """With all seven fields, whatever the settings left out."""
    assert ledger().to_json()[0] == {
        "dimension": "hqc",
        "scope": "Workspace",
        "providerId": "quantinuum",
        "utilization": 0.0,
        "holds": 0.0,
        "limit": 10.0,
        "period": "Monthly",
    }


def test_what_jobs_use_adds_up() -> None:
    """For its provider and dimension, and no other."""
    quotas = ledger()
    quotas.use("quantinuum", "hqc", 4)
    quotas.use("Quantinuum", "hqc", 3.5)
    quotas.use("ionq", "hqc", 100)
    quotas.use("quantinuum", "gs1q", 100)
    assert [quota.utilization for quota in quotas.quotas] == [7.5, 5]


def test_a_job_is_charged_by_its_cost_estimate() -> None:
    """By what it consumed, even if nothing is billed."""
    quotas = ledger()
    quotas.charge(
        "quantinuum",
        {"events": [{"dimensionId": "hqc", "amountConsumed": 2.5, "amountBilled": 0.0}]},
    )
    assert quotas.quotas[0].utilization == 2.5


@pytest.mark.parametrize(("used", "holds"), [(10, 0), (12, 0), (6, 4), (0, 10)])
def test_an_exhausted_quota_refuses_jobs(used: float, holds: float) -> None:
    """What is held back is not left either; the answer is a 403 that names the quota."""
    quotas = ledger(holds=holds)
    quotas.use("quantinuum", "hqc", used)
    with pytest.raises(QuotaExhaustedError, match="quota of hqc for the provider quant") as caught:
        quotas.check("Quantinuum")
    assert (caught.value.status, caught.value.code) == (403, "QuotaExceeded")


def test_a_quota_refuses_only_what_it_concerns() -> None:
    """Other providers go on, and targets that use other dimensions."""
    quotas = ledger()
    quotas.exhaust("quantinuum", "hqc")
    quotas.check("ionq")
    quotas.check("quantinuum", {"ehqc"})
    with pytest.raises(QuotaExhaustedError):
        quotas.check("quantinuum", {"hqc"})


def test_as_long_as_something_is_left_jobs_are_taken() -> None:
    """The last one may use more than there is."""
    quotas = ledger()
    quotas.use("quantinuum", "hqc", 9.99)
    quotas.check("quantinuum")


def test_a_quota_can_be_exhausted_on_request() -> None:
    """It then shows as used up, apart from what is held back."""
    quotas = ledger(holds=2)
    quotas.exhaust("quantinuum", "hqc")
    assert [quota.utilization for quota in quotas.quotas] == [8, 5]


def test_exhausting_takes_nothing_back() -> None:
    """A quota that was overdrawn stays so."""
    quotas = ledger(utilization=15)
    quotas.exhaust("quantinuum", "hqc")
    assert quotas.quotas[0].utilization == 15


def test_only_quotas_there_are_can_be_exhausted() -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match="there is: hqc of quantinuum, ehqc of quantinuum"):
        ledger().exhaust("ionq", "qgs")


@pytest.mark.parametrize(("period", "left"), [("Monthly", 0), ("None", 10), ("Infinite", 10)])
def test_monthly_quotas_begin_anew_with_the_month(period: str, left: float) -> None:
    """Others stay exhausted for ever."""
    clock = Clock(lambda: NOVEMBER)
    quotas = ledger(clock, period=period)
    quotas.exhaust("quantinuum", "hqc")
    clock.advance(TWO_WEEKS)
    assert quotas.quotas[0].utilization == left


def test_within_a_month_nothing_is_forgotten() -> None:
    """The first of the month decides, not how long ago it was."""
    clock = Clock(lambda: NOVEMBER)
    quotas = ledger(clock)
    clock.advance(9 * 86_400)
    quotas.exhaust("quantinuum", "hqc")
    clock.advance(86_400)
    assert quotas.quotas[0].utilization == 10
    clock.advance(86_400)
    assert quotas.quotas[0].utilization == 0
