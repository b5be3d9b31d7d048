"""Expiry through the HTTP functions: the headers of what has ended, and the problem afterwards."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from pathlib import Path

import azure.functions as func
import pytest

from functions import http_jobs
from functions.caller import owner_of
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.domain.errors import JobExpiredError, ProviderRejectedError
from qjobs.domain.job import Job
from qjobs.ports import Stored
from qjobs.services.submit import Accepted
from qjobs.settings import Settings
from tests.fakes import FakePorts
from tests.invocation import invoke
from tests.ports.test_job_store import REQUEST, new_job
from tests.unit.functions.test_endpoint import FUNCTIONS

DAY = 24 * 3600


@pytest.fixture
def ports(tmp_path: Path) -> FakePorts:
    """Return the fakes over which the functions work."""
    return FakePorts(FileCatalogue(tmp_path))


@pytest.fixture(autouse=True)
def services(ports: FakePorts, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Return the services that the functions use."""
    environment = {"AzureWebJobsStorage": "unused", "QJOBS_KEY_VAULT_URI": "unused"}
    services = Services(ports, Settings.from_environment(environment))
    monkeypatch.setattr(http_jobs, "services", lambda: services)
    return services


def request(job: Job | None, method: str = "GET") -> func.HttpRequest:
    """Return a request for a job."""
    job_id = job.id if job else "none"
    return func.HttpRequest(
        method, f"http://host/api/jobs/{job_id}", route_params={"id": job_id}, body=b""
    )


async def job_of_a_day(ports: FakePorts, ending: str) -> Job:
    """Return a job that has just ended and is kept for a day."""
    job = new_job(owner=owner_of(request(None)))
    now = ports.clock.now()
    ended = {
        "succeeded": job.succeeded(now),
        "failed": job.failed(now, ProviderRejectedError("No.")),
        "canceled": job.canceled(now),
    }[ending]
    await ports.jobs.create(ended, REQUEST)
    return ended


async def answered(function: str, job: Job, method: str = "GET") -> func.HttpResponse:
    """Return the response of a function of jobs."""
    response: func.HttpResponse = await invoke(FUNCTIONS[function], request(job, method))
    return response


def expiry(response: func.HttpResponse) -> tuple[object, str | None]:
    """Return when an answer expires, and what the gateway's cache is told."""
    return parsedate_to_datetime(response.headers["Expires"]), response.headers.get(
        "CDN-Cache-Control"
    )


@pytest.mark.parametrize("ending", ["succeeded", "failed", "canceled"])
async def test_an_ended_job_says_until_when_it_is_answered(ports: FakePorts, ending: str) -> None:
    """Expires is the end of its retention, and the gateway's cache gets the seconds until then."""
    job = await job_of_a_day(ports, ending)
    whole = job.expires_at.replace(microsecond=0)
    ports.clock.advance(3600)

    response = await answered("get_job", job)

    assert expiry(response) == (whole, f"max-age={DAY - 3600}")
    assert json.loads(response.get_body())["expiresAt"].startswith(f"{whole:%Y-%m-%dT%H:%M:%S}")


async def test_a_result_says_until_when_it_may_be_kept(ports: FakePorts) -> None:
    """No age beside it, which would begin anew whenever the gateway's cache answers."""
    job = await job_of_a_day(ports, "succeeded")

    response = await answered("get_result", job)

    assert expiry(response) == (job.expires_at.replace(microsecond=0), f"max-age={DAY}")
    assert response.headers["Cache-Control"] == "private, immutable"


async def test_a_pending_job_does_not_expire(ports: FakePorts) -> None:
    """An answer that may be another the next moment has no such header."""
    job = new_job(owner=owner_of(request(None)))
    await ports.jobs.create(job, REQUEST)

    for function in ("get_job", "get_result"):
        response = await answered(function, job)
        assert not {"Expires", "CDN-Cache-Control"} & set(response.headers)


async def test_a_key_of_an_expired_job_is_the_same_problem(
    ports: FakePorts, services: Services
) -> None:
    """A submission that is repeated so late gets no second job, and is told of the first."""
    job = await job_of_a_day(ports, "succeeded")
    ports.clock.advance(DAY)

    async def replayed(*_: object, **__: object) -> Accepted:
        return Accepted(Stored(job, "v1"), content=None)

    services.__dict__["submit"] = replayed
    response = await invoke(
        FUNCTIONS["submit_job"],
        func.HttpRequest(
            "POST",
            "http://host/api/algorithms/bell/jobs",
            headers={"content-type": "application/json", "idempotency-key": "key"},
            route_params={"algorithm": "bell"},
            body=b"{}",
        ),
    )

    assert (response.status_code, json.loads(response.get_body())["jobId"]) == (410, job.id)


@pytest.mark.parametrize("ending", ["succeeded", "failed", "canceled"])
@pytest.mark.parametrize(
    ("function", "method"), [("get_job", "GET"), ("get_result", "GET"), ("cancel_job", "DELETE")]
)
async def test_an_expired_job_is_a_problem_of_its_own(
    ports: FakePorts, ending: str, function: str, method: str
) -> None:
    """410 with code, title, what to do, and which job; nothing keeps the answer."""
    job = await job_of_a_day(ports, ending)
    ports.clock.advance(DAY)

    response = await answered(function, job, method)

    problem = json.loads(response.get_body())
    assert response.status_code == problem["status"] == 410
    assert (problem["code"], problem["jobId"]) == ("job-expired", job.id)
    assert problem["title"] == JobExpiredError.title()
    assert "Submit it again" in problem["detail"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Expires" not in response.headers
