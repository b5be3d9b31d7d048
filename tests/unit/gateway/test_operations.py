"""Requests find their operations."""

from __future__ import annotations

from pathlib import Path

import pytest

from localdev.gateway.operations import Route, find, routes

DOCUMENT = """
paths:
  /jobs/{id}:
    parameters: []
    get: {operationId: get-job}
    delete: {operationId: cancel-job}
  /jobs/latest:
    get: {operationId: get-latest}
  /jobs:
    get: {operationId: list-jobs}
"""


@pytest.fixture
def known(tmp_path: Path) -> list[Route]:
    """Return the routes of a small document."""
    file = tmp_path / "openapi.yaml"
    file.write_text(DOCUMENT, encoding="utf-8")
    return routes(file)


@pytest.mark.parametrize(
    ("method", "path", "operation", "parameters"),
    [
        ("GET", "/jobs", "list-jobs", {}),
        ("GET", "/jobs/7", "get-job", {"id": "7"}),
        ("DELETE", "/jobs/7", "cancel-job", {"id": "7"}),
        ("GET", "/jobs/a%2Fb%20c", "get-job", {"id": "a/b c"}),
        ("GET", "/jobs/latest", "get-latest", {}),
    ],
)
def test_a_request_finds_its_operation(
    known: list[Route], method: str, path: str, operation: str, parameters: dict[str, str]
) -> None:
    """Method and path name an operation, a literal path before one with parameters."""
    found = find(known, method, path)

    assert found is not None
    assert (found[0].id, found[1]) == (operation, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/jobs"),
        ("get", "/jobs"),
        ("GET", "/jobs/"),
        ("GET", "/jobs/7/"),
        ("GET", "/Jobs"),
        ("GET", ""),
    ],
)
def test_anything_else_is_no_operation(known: list[Route], method: str, path: str) -> None:
    """Another method, an empty segment or a longer path is none."""
    assert find(known, method, path) is None
