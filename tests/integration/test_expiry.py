"""A job's data over real storage, from its submission until nothing of it is left."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from qjobs.azure_ports import AzurePorts
from qjobs.bootstrap import Services, catalogue
from qjobs.domain.errors import JobExpiredError, UnknownJobError
from qjobs.domain.identifiers import owner_key
from qjobs.domain.job import REMEMBERED
from qjobs.domain.step_document import step_name
from qjobs.settings import Settings
from tests.fakes import FakeClock, FakeProvider

OWNER = owner_key("somebody whose jobs expire")


@pytest.fixture
async def services(azurite: str) -> AsyncIterator[Services]:
    """Return the services over Azurite, with a clock to advance and no workspace."""
    settings = Settings.from_environment(
        {"AzureWebJobsStorage": azurite, "QJOBS_KEY_VAULT_URI": "unused"}
    )
    ports = AzurePorts(settings, catalogue())
    ports.__dict__.update(clock=FakeClock(), provider=FakeProvider())
    yield Services(ports, settings)
    await ports._storage.close()  # noqa: SLF001 - a process of functions never closes it


async def blobs(services: Services) -> dict[str, bytes]:
    """Return every blob of the owner with its content, by container and name."""
    found = {}
    client = services.ports._storage.blobs  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
    for name in ("jobs", "idempotency", "job-documents"):
        container = client.get_container_client(name)
        async for blob in container.list_blobs(name_starts_with=OWNER):
            content = await container.download_blob(blob.name)
            found[f"{name}/{blob.name}"] = await content.readall()
    return found


async def test_nothing_is_left_of_a_job_that_is_forgotten(services: Services) -> None:
    """Its data goes when it expires, its record and its key thirty days later."""
    clock, ports = services.ports.clock, services.ports
    assert isinstance(clock, FakeClock)
    body = {"input": {"qubits": 3}}
    job = (await services.submit(OWNER, "ghz", body, "key")).job
    await ports.documents.put(OWNER, job.id, step_name(0), {"programs": []})
    stored = await ports.jobs.get(OWNER, job.id)
    await ports.jobs.finish(stored.job.succeeded(clock.now()), stored.etag, {"result": {}})
    assert len(await blobs(services)) == 3

    clock.advance(services.settings.retention.total_seconds())
    with pytest.raises(JobExpiredError):
        await services.find_job(OWNER, job.id)
    await services.sweep()
    left = await blobs(services)
    assert {name.partition("/")[0] for name in left} == {"jobs", "idempotency"}
    assert json.loads(left[f"jobs/{OWNER}/{job.id}"]) == {}
    kept = (await ports.jobs.get(OWNER, job.id)).job
    ended = stored.job.succeeded(kept.finished_at or clock.now()).told()
    assert kept == replace(ended, erased=True)

    clock.advance(REMEMBERED.total_seconds())
    await services.sweep()
    assert not await blobs(services)
    with pytest.raises(UnknownJobError):
        await services.find_job(OWNER, job.id)
