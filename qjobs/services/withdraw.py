"""Withdrawal: cancels the provider jobs of a job that has ended or is to end."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from qjobs.domain.errors import TransientError
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Job
from qjobs.domain.run import step_name
from qjobs.ports import Documents, QuantumProvider

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Cancel the circuits of a job's current step, whether or not they are placed."""

    documents: Documents
    provider: QuantumProvider

    async def __call__(self, job: Job) -> None:
        """Cancel a job's provider jobs; if the provider is unavailable, log it and go on.

        What runs there is not needed any more, and may cost. Circuits that are placed after this
        are canceled by the process that places them, when it finds the job ended.
        """
        try:
            step = await self.documents.get(job.owner, job.id, step_name(job.step))
            programs = len(step["programs"]) if step else 0
            ids = [provider_job_id(job.id, job.step, index) for index in range(programs)]
            # Before the first step is on record the target is not known.
            target = job.target.id if job.target else ""
            await asyncio.gather(*(self.provider.cancel(target, one) for one in ids))
        except TransientError as error:
            _log.warning("Job %s may still run at the provider: %s", job.id, error.detail)
