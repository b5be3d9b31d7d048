"""The requests and jobs that faults match."""

from __future__ import annotations

from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.fault_injection.faults import JobFault, RequestFault


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({}, True),
        ({"operation": "jobs.create"}, True),
        ({"operation": "jobs.*"}, True),
        ({"operation": "jobs.get"}, False),
        ({"method": "PUT"}, True),
        ({"method": "GET"}, False),
        ({"target": "ionq.*"}, True),
        ({"target": "ionq.simulator"}, True),
        ({"target": "rigetti.*"}, False),
        ({"operation": "jobs.*", "method": "PUT", "target": "*.simulator"}, True),
        ({"operation": "jobs.*", "method": "PUT", "target": "*.qpu.*"}, False),
    ],
)
def test_which_requests_a_fault_matches(fault: dict[str, Any], expected: bool) -> None:
    """Every field that it has must match."""
    matches = RequestFault.from_json(fault | {"status": 500}).matches
    assert matches("jobs.create", "PUT", "ionq.simulator") is expected


def test_a_fault_with_a_target_leaves_other_operations_alone() -> None:
    """They name no target that could match."""
    fault = RequestFault.from_json({"target": "*.*", "status": 500})
    assert not fault.matches("jobs.get", "GET", None)
    assert not fault.asks_for_target("jobs.get")
    assert fault.asks_for_target("jobs.create")
    assert fault.asks_for_target("sessions.open")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "TooManyRequests"),
        (503, "ServiceUnavailable"),
        (500, "InternalServerError"),
        (418, "InvalidRequest"),
        (599, "InternalServerError"),
    ],
)
def test_every_status_has_a_code(status: int, code: str) -> None:
    """That of its family if it has none of its own."""
    assert RequestFault.from_json({"status": status}).code == code


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({}, True),
        ({"target": "ionq.*"}, True),
        ({"target": "rigetti.*"}, False),
        ({"name": "bell*"}, True),
        ({"name": "ghz*"}, False),
        ({"target": "ionq.*", "name": "ghz*"}, False),
    ],
)
def test_which_jobs_a_fault_matches(fault: dict[str, Any], expected: bool) -> None:
    """Both the target and the name must match."""
    matches = JobFault.from_json(fault | {"hang": True}).matches
    assert matches("ionq.simulator", "bell-1") is expected


def test_jobs_fail_or_hang() -> None:
    """One that hangs has nothing to fail with."""
    failed = JobFault.from_json({"code": "ProviderTimeout", "message": "Too late."})
    assert failed.error == JobError("ProviderTimeout", "Too late.")
    assert JobFault.from_json({"hang": True}).error is None
