"""Jobs as the tests of services need them."""

from __future__ import annotations

from qjobs.bootstrap import Services
from qjobs.domain.job import Job
from tests.fakes import FakePorts


async def accepted(services: Services, **members: object) -> Job:
    """Return a job that was just submitted."""
    return (await services.submit("owner", "bell", {"input": {}, **members}, None)).job


async def stored(ports: FakePorts, job: Job) -> Job:
    """Return a job as it is now."""
    return (await ports.jobs.get(job.owner, job.id)).job
