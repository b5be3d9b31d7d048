from __future__ import annotations

import json
from pathlib import Path

import azure.functions as func
import pytest

from functions import http_jobs
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.domain.errors import UnreadableRecordError
from qjobs.settings import Settings
from tests.fakes import FakePorts
from tests.invocation import invoke
from tests.ports.test_job_store import new_job
from tests.unit.functions.test_endpoint import FUNCTIONS


@pytest.mark.parametrize(
    ("function", "method"), [("get_job", "GET"), ("get_result", "GET"), ("cancel_job", "DELETE")]
)
async def test_a_job_of_a_newer_version_is_a_problem_that_passes(
    function: str,
    method: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its caller is told to ask again later, and the log has no stack trace."""

    async def unreadable(*_: object) -> None:
        raise UnreadableRecordError

    ports, job_id = FakePorts(FileCatalogue(tmp_path)), new_job().id
    environment = {"AzureWebJobsStorage": "unused", "QJOBS_KEY_VAULT_URI": "unused"}
    services = Services(ports, Settings.from_environment(environment))
    monkeypatch.setattr(http_jobs, "services", lambda: services)
    for name in ("get", "read"):
        monkeypatch.setattr(ports.jobs, name, unreadable)
    url = f"http://host/api/jobs/{job_id}"

    response = await invoke(
        FUNCTIONS[function],
        func.HttpRequest(method, url, route_params={"id": job_id}, body=b""),
    )

    problem = json.loads(response.get_body())
    assert (response.status_code, problem["code"]) == (503, "unreadable-record")
    assert response.headers["Retry-After"].isdecimal()
    assert not caplog.records
