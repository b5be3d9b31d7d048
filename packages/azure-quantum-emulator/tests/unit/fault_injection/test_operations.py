"""The names of operations."""

from __future__ import annotations

import re

import pytest

from azure_quantum_emulator.api.urls import ENDPOINTS
from azure_quantum_emulator.fault_injection.operations import (
    NAMES,
    OPERATIONS,
    PATTERNS,
    fits,
    operation_of,
)

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Quantum/workspaces/w"
ID = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_is_the_operation_of_its_row(name: str) -> None:
    """Paths do not overlap: that of a job is neither that of its cancellation nor of the list."""
    method, path = OPERATIONS[name]
    assert operation_of(method, WORKSPACE + re.sub(r"\{\w+\}", ID, path)) == name


def test_every_operation_has_an_endpoint() -> None:
    """No fault waits for an operation that there is not, and none is missing from the table."""
    assert list(ENDPOINTS) == list(OPERATIONS)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{WORKSPACE}/jobs/{ID}"),
        ("GET", WORKSPACE),
        ("GET", f"{WORKSPACE}/jobs/"),
        ("GET", f"{WORKSPACE}/jobs/a/b"),
        ("GET", "/emulator/jobs"),
        ("GET", "/jobs"),
    ],
)
def test_other_requests_are_no_operations(method: str, path: str) -> None:
    """Above all, nothing happens to those by which faults are taken away."""
    assert operation_of(method, path) is None


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_stands_for_something(pattern: str) -> None:
    """A pattern that fits nothing would be a misprint."""
    assert any(fits(name, pattern) for name in NAMES)


def test_a_star_stands_for_anything() -> None:
    """Of the group before it, if there is one."""
    assert all(fits(name, "*") for name in NAMES)
    assert fits("jobs.create", "jobs.*")
    assert not fits("sessions.open", "jobs.*")
    assert not fits("sessions.listJobs", "sessions.list")
