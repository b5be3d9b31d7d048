from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qjobs.domain.execution import Execution
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.options import merged, mitigates_errors
from qjobs.domain.plan import Plan
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import TargetChoice
from tests.fakes import BELL, START

NOISE = {"noise": {"model": "aria-1"}}
JOB = Job(
    id="job",
    owner="owner",
    algorithm="bell",
    status=Status.QUEUED,
    created_at=START,
    updated_at=START,
    retention=timedelta(days=1),
    due=START,
    requested_target=TargetRequest(mode=Mode.NOISY_SIMULATOR),
    shots=100,
)
CHOICE = TargetChoice(
    "ionq.simulator",
    "ionq",
    Mode.NOISY_SIMULATOR,
    "",
    device="ionq.qpu.aria-1",
    options=NOISE,
)


@pytest.mark.parametrize(
    ("options", "others", "both"),
    [
        ({}, {}, {}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": {"b": 1}}, {"a": 3}, {"a": 3}),
        ({"a": 3}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_options_are_merged_member_by_member(
    options: dict[str, Any], others: dict[str, Any], both: dict[str, Any]
) -> None:
    """The second of two wins, and what it does not say stays."""
    assert merged(options, others) == both


@pytest.mark.parametrize(
    ("given", "in_effect", "device"),
    [
        ({}, NOISE, "ionq.qpu.aria-1"),
        ({"noise": {"seed": 5}}, {"noise": {"model": "aria-1", "seed": 5}}, "ionq.qpu.aria-1"),
        ({"noise": {"model": "ideal"}}, {"noise": {"model": "ideal"}}, None),
        ({"noise": NOISE["noise"]}, NOISE, "ionq.qpu.aria-1"),
    ],
)
def test_the_options_of_the_caller_win(
    given: dict[str, Any], in_effect: dict[str, Any], device: str | None
) -> None:
    """A caller may change the noise; then the job no longer says that it is a device's."""
    plan = Plan((BELL,), {})

    execution = Execution.decide(JOB, JobInput({}, given), CHOICE, 0, plan)

    assert execution.options == in_effect
    assert execution.target == replace(CHOICE, device=device)


@pytest.mark.parametrize(
    ("options", "mitigates"),
    [
        ({}, True),
        ({"error-mitigation": {"debias": True}}, True),
        ({"error-mitigation": {}}, True),
        ({"error-mitigation": {"debias": False}}, False),
    ],
)
def test_errors_are_mitigated_unless_the_caller_says_no(
    options: dict[str, Any],
    mitigates: bool,
) -> None:
    """IonQ's devices mitigate errors by default, which has a price."""
    assert mitigates_errors(options) is mitigates
