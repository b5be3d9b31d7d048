"""The names of operations."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from azure_quantum_emulator.api.urls import DATA_PLANE
from azure_quantum_emulator.trouble.operations import NAMES, PATTERNS, fits, operation_of

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Quantum/workspaces/w"
ID = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize("route", DATA_PLANE, ids=lambda route: route.name)
def test_operations_have_the_names_of_their_routes(route: Route) -> None:
    """What the workspace answers is what faults call it."""
    path = WORKSPACE + re.sub(r"\{\w+\}", ID, route.path)
    method = next(iter((route.methods or {"GET"}) - {"HEAD"}))
    assert operation_of(method, path) == route.name


def test_every_name_is_that_of_a_route() -> None:
    """No fault waits for an operation that there is not."""
    assert sorted(NAMES) == sorted(route.name for route in DATA_PLANE)


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
