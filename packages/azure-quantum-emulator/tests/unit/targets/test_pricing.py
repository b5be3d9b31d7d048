from __future__ import annotations

from typing import Any

import pytest

from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.targets.pricing import cost_estimate
from azure_quantum_emulator.targets.usage import Usage
from emulator_support.recordings import scenarios


def bill(target: str, usage: Usage, seconds: float = 1.0, **options: bool) -> dict[str, Any]:
    """Return what a job of so many seconds costs."""
    return cost_estimate(all_targets()[target], usage, seconds, **options)


def recorded_bills() -> dict[str, list[dict[str, Any]]]:
    """Return by target the recorded bills of jobs."""
    bills: dict[str, list[dict[str, Any]]] = {}
    for steps in scenarios().values():
        for step in steps:
            job = step.answer if isinstance(step.answer, dict) else {}
            if job.get("itemType") == "Job" and job["costEstimate"] is not None:
                bills.setdefault(job["target"], []).append(job["costEstimate"])
    return bills


@pytest.mark.parametrize(
    ("usage", "ehqc"),
    [
        # 3-qubit GHZ and an idle H, 4 qubits and 3 measurements. Recorded for H2-1E as OpenQASM ...
        (Usage(shots=500, one_qubit_gates=6, two_qubit_gates=2, measurements=7), 11.1),
        # ... and as QIR, with one more gate and one more reset for each qubit.
        (Usage(shots=500, one_qubit_gates=10, two_qubit_gates=2, measurements=11), 13.5),
        (Usage(shots=100, one_qubit_gates=10, two_qubit_gates=2, measurements=11), 6.7),
        # 5 H, 1 CNOT, 2 CZ on 4 qubits, 2 measured. Recorded for H1-1E as QIR.
        (Usage(shots=1, one_qubit_gates=11, two_qubit_gates=3, measurements=10), 5.02),
    ],
)
def test_quantinuum_bills_the_recorded_credits(usage: Usage, ehqc: float) -> None:
    """The published formula gives the credits of the recorded jobs, and emulators take no money."""
    estimate = bill("quantinuum.sim.h2-1e", usage)
    assert estimate == {
        "currencyCode": "USD",
        "events": [
            {
                "dimensionId": "ehqc",
                "dimensionName": "EHQC",
                "measureUnit": "hqc",
                "amountBilled": ehqc,
                "amountConsumed": ehqc,
                "unitPrice": 0.0,
            }
        ],
        "estimatedTotal": 0.0,
    }
    if recorded := recorded_bills():
        emulators = recorded["quantinuum.sim.h2-1e"] + recorded["quantinuum.sim.h1-1e"]
        assert estimate in emulators


@pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")
@pytest.mark.parametrize("target", ["ionq.simulator", "quantinuum.sim.h2-1sc", "rigetti.sim.qvm"])
def test_simulators_bill_nothing_as_recorded(target: str) -> None:
    """Their bills have the recorded lines, and only zeros."""
    usage = Usage(shots=1000, one_qubit_gates=9, two_qubit_gates=9, measurements=9, seconds=9.0)
    recorded = recorded_bills()[target]
    assert all(one == bill(target, usage, 9.0) for one in recorded)


@pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")
def test_pasqal_bills_the_recorded_hours() -> None:
    """Ten seconds were 0.0028 hours."""
    assert (
        bill("pasqal.sim.emu-tn", Usage(shots=150), 10.0) in recorded_bills()["pasqal.sim.emu-tn"]
    )


@pytest.mark.parametrize(
    ("target", "one", "two", "total"),
    [
        ("ionq.qpu.aria-1", 100, 100, 1000 * (100 * 0.00022 + 100 * 0.000975)),
        ("ionq.qpu.forte-1", 300, 200, 1000 * (300 * 0.0001645 + 200 * 0.001121)),
        ("ionq.qpu.aria-1", 1, 1, 97.5),
        ("ionq.qpu.forte-1", 1, 1, 168.195),
        ("ionq.qpu.forte-enterprise-1", 1, 1, 168.195),
    ],
)
def test_ionq_bills_gate_shots_and_a_minimum(target: str, one: int, two: int, total: float) -> None:
    """A thousand shots cost by their gates, and small circuits cost the minimum."""
    usage = Usage(shots=1000, one_qubit_gates=one, two_qubit_gates=two)
    estimate = bill(target, usage)
    assert [event["amountBilled"] for event in estimate["events"]] == [1000 * one, 1000 * two]
    assert estimate["estimatedTotal"] == pytest.approx(total)


@pytest.mark.parametrize(
    ("target", "total"), [("ionq.qpu.aria-1", 12.4166), ("ionq.qpu.forte-1", 25.7899)]
)
def test_ionq_is_cheaper_without_error_mitigation(target: str, total: float) -> None:
    """The minimum is another one then."""
    usage = Usage(shots=100, one_qubit_gates=1, two_qubit_gates=1)
    assert bill(target, usage, mitigated=False)["estimatedTotal"] == total


@pytest.mark.parametrize(
    ("seconds", "units"), [(0.03, 3), (0.031, 4), (0.07, 7), (0.001, 1), (2.0, 200)]
)
def test_rigetti_bills_hundredths_of_a_second(seconds: float, units: int) -> None:
    """Time is rounded up to 10 ms, at two cents each."""
    estimate = bill("rigetti.qpu.cepheus-1-108q", Usage(shots=1), seconds)
    assert estimate["events"][0]["amountBilled"] == units
    assert estimate["estimatedTotal"] == pytest.approx(0.02 * units)


@pytest.mark.parametrize(
    ("target", "total"), [("pasqal.sim.emu-sv", 7.5), ("pasqal.qpu.fresnel", 1500.0)]
)
def test_pasqal_bills_hours_in_euros(target: str, total: float) -> None:
    """Half an hour costs half of what an hour does."""
    estimate = bill(target, Usage(shots=100), 1800.0)
    assert (estimate["currencyCode"], estimate["estimatedTotal"]) == ("EUR", total)


def test_quantinuum_bills_credits_of_a_machine() -> None:
    """The bill of the developer's first job on H2-1 is not small: 13.5 credits at 12.50 USD."""
    usage = Usage(shots=500, one_qubit_gates=10, two_qubit_gates=2, measurements=11)
    estimate = bill("quantinuum.qpu.h2-1", usage)
    assert estimate["events"][0]["dimensionId"] == "hqc"
    assert estimate["estimatedTotal"] == pytest.approx(13.5 * 12.5)


@pytest.mark.parametrize("target", all_targets())
def test_every_target_has_a_bill(target: str) -> None:
    """A bill adds up, or is the minimum."""
    usage = Usage(shots=10, one_qubit_gates=5, two_qubit_gates=4, measurements=3)
    estimate = bill(target, usage)
    total = sum(event["amountBilled"] * event["unitPrice"] for event in estimate["events"])
    assert estimate["estimatedTotal"] == pytest.approx(
        max(total, all_targets()[target].pricing.minimum)
    )
