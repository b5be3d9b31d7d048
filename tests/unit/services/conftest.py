"""Services over fakes, with one small algorithm in the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.settings import Settings
from tests.fakes import FakePorts

MANIFEST = {
    "id": "bell",
    "version": "1.0.0",
    "title": "Bell pairs",
    "summary": "Measures Bell pairs.",
    "description": "For tests.",
    "tags": ["test"],
    "shots": {"default": 1000, "minimum": 1, "maximum": 5000},
    "target": {"mode": "Simulator"},
    "limits": {"qubits": 2},
}
SCHEMA = {
    "type": "object",
    "properties": {"pairs": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1}},
    "additionalProperties": False,
    "examples": [{"pairs": 2}],
}


@pytest.fixture
def ports(tmp_path: Path) -> FakePorts:
    """Return fakes of every port."""
    folder = tmp_path / "bell"
    folder.mkdir()
    (folder / "algorithm.json").write_text(json.dumps(MANIFEST))
    (folder / "input.schema.json").write_text(json.dumps(SCHEMA))
    (folder / "result.schema.json").write_text("{}")
    return FakePorts(FileCatalogue(tmp_path))


@pytest.fixture
def services(ports: FakePorts) -> Services:
    """Return every use case over the fakes."""
    settings = Settings.from_environment(
        {
            "AzureWebJobsStorage": "unused",
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": "unused",
            "QJOBS_WORKSPACE_RESOURCE_GROUP": "unused",
            "QJOBS_WORKSPACE_NAME": "unused",
            "QJOBS_WORKSPACE_LOCATION": "unused",
        }
    )
    return Services(ports, settings)
