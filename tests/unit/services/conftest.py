"""Services over fakes, with one small algorithm in the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.settings import Settings
from tests.algorithm_folder import describe_algorithm
from tests.fakes import FakePorts

SCHEMA = {
    "type": "object",
    "properties": {"pairs": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1}},
    "additionalProperties": False,
    "examples": [{"pairs": 2}],
}


@pytest.fixture
def ports(tmp_path: Path) -> FakePorts:
    """Return fakes of every port."""
    describe_algorithm(tmp_path / "bell", input_schema=SCHEMA)
    describe_algorithm(tmp_path / "once", steps=1)
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
