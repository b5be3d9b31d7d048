"""Jobs as the tests of services need them."""

from __future__ import annotations

from qjobs.bootstrap import Services
from qjobs.domain.job import Job
from qjobs.services.outcome import Outcome
from qjobs.services.submit import Accepted
from tests.fakes import FakePorts


async def accepted(services: Services, algorithm: str = "bell", **members: object) -> Job:
    """Return a job that was just submitted."""
    return (await services.submit("owner", algorithm, {"input": {}, **members}, None)).job


async def submitted(services: Services, owner: str = "owner", **members: object) -> Accepted:
    """Return what a submission makes, which nothing has started."""
    return await services.submit(owner, "bell", {"input": {}, **members}, None)


async def started(services: Services, accepted: Accepted, wait: float = 0.0) -> Outcome:
    """Start a job that was just submitted."""
    assert accepted.content is not None
    return await services.start(accepted.stored, accepted.content, wait)


async def stored(ports: FakePorts, job: Job) -> Job:
    """Return a job as it is now."""
    return (await ports.jobs.get(job.owner, job.id)).job
