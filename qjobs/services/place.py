"""Placement: submits the circuits of one step to the provider, exactly once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from qjobs.domain.errors import StepWithdrawnError
from qjobs.domain.run import Run
from qjobs.domain.step_document import WITHDRAWN, step_document, step_name, stored_run
from qjobs.ports import Documents, QuantumProvider
from qjobs.services.side_by_side import side_by_side

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Store the programs of a step, then submit them under their derived ids."""

    documents: Documents
    provider: QuantumProvider

    async def __call__(self, run: Run) -> Run:
        """Return the run that is at the provider.

        It differs from the one given if an earlier attempt has stored the step: its target, seeds
        and programs are the ones that count. A repetition, after a crash at any point, ends up
        with the same jobs at the provider.

        Raises:
            PermanentError: the provider refuses a program.
            StepWithdrawnError: the job has ended meanwhile, or is about to.

        """
        owner, job_id, document = run.job.owner, run.job.id, step_name(run.step)
        if not await self.documents.put(owner, job_id, document, step_document(run)):
            earlier = await self.documents.get(owner, job_id, document)
            if earlier == WITHDRAWN:
                raise StepWithdrawnError
            run = stored_run(run.job, run.job_input, run.step, earlier) if earlier else run
        if run.execution.session is not None and run.execution.before.steps == 0:
            await self.provider.open_session(run.target.id, run.execution.session, run.job.title)
        # Where one is refused, what was taken of the step is withdrawn when the job fails.
        await side_by_side(partial(self.provider.submit, job) for job in run.provider_jobs())
        _log.info(
            "Job %s, step %d: %d circuits at %s",
            job_id,
            run.step,
            run.circuits,
            run.target.id,
            extra={"action": "step_placed"},
        )
        return run
