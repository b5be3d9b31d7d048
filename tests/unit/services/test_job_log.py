"""What dashboards and alerts are made of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.services.job_log import PREFIX
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted, stored


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    """Let the lines be collected, which are below the level of warnings."""
    caplog.set_level("INFO", logger="qjobs.services.job_log")


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return what was told, oldest first."""
    lines = [record.getMessage() for record in caplog.records]
    return [json.loads(one.removeprefix(PREFIX)) for one in lines if one.startswith(PREFIX)]


async def test_a_job_is_told_of_when_it_is_accepted_and_when_it_ends(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Both lines have the same members, so that one query reads both."""
    job = await accepted(services)
    await services.dispatch(job.message())

    first, last = told(caplog)
    assert first.keys() == last.keys()
    assert (first["id"], first["status"], first["mode"]) == (job.id, "Queued", "Simulator")
    assert (first["totalSeconds"], first["steps"]) == (None, 0)
    assert (last["id"], last["status"], last["errorCode"]) == (job.id, "Succeeded", None)
    assert (last["steps"], last["shots"]) == (1, job.shots)
    assert last["totalSeconds"] >= 0
    assert last["target"]


async def test_a_job_that_ends_twice_is_told_of_once(
    services: Services, ports: FakePorts, caplog: pytest.LogCaptureFixture
) -> None:
    """Messages that come late do not count a job again."""
    job = await accepted(services)
    await services.dispatch(job.message())
    await services.poison(job.message().encode())

    assert [line["status"] for line in told(caplog)] == ["Queued", "Succeeded"]
    assert (await stored(ports, job)).error is None


async def test_a_failure_is_told_with_its_code(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Alerts tell reasons of ours from reasons of the caller by the code."""
    job = await accepted(services)
    await services.poison(replace(job.message(), revivals=schedule.MOST_REVIVALS).encode())

    last = told(caplog)[-1]
    assert (last["status"], last["errorCode"]) == ("Failed", "processing-failed")


async def test_nothing_of_the_caller_is_told(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither who asked nor what they wrote is in the log."""
    await accepted(services, name="my secret plan", tags=["merger"])

    assert told(caplog)
    for private in ("owner", "secret plan", "merger"):
        assert private not in caplog.text
