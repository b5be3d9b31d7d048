"""Placement of a job's first step, at another target if the chosen one is gone."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from qjobs.domain.errors import (
    NoSuitableTargetError,
    ProviderRejectedError,
    UnknownProviderJobError,
)
from qjobs.domain.execution import Execution
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.run import Run
from qjobs.domain.step_document import step_document, step_name, stored_run
from qjobs.ports import Documents, QuantumProvider
from qjobs.services.choose import Choose
from qjobs.services.place import Place

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlaceFirst:
    """Place the first step of a job; choose again if its target is gone and nothing is there.

    A target that the caller named is not replaced by another.
    """

    documents: Documents
    provider: QuantumProvider
    place: Place
    choose: Choose

    async def __call__(self, run: Run) -> Run:
        """Return the run that is at the provider, as `Place` does.

        Raises:
            PermanentError: the provider refuses a program, or its target is gone.
            StepWithdrawnError: the job has ended meanwhile, or is about to.

        """
        gone: list[str] = []
        while True:
            try:
                return await self.place(run)
            except ProviderRejectedError as error:
                named = run.job.requested_target.id is not None
                if named or error.kind is not ProviderErrorKind.NO_TARGET:
                    raise
                run = await self._elsewhere(run, gone, error)

    async def _elsewhere(self, run: Run, gone: list[str], error: ProviderRejectedError) -> Run:
        """Return the run at another target than the one that is gone, which is added to *gone*."""
        owner, job_id, name = run.job.owner, run.job.id, step_name(run.step)
        document = await self.documents.get(owner, job_id, name)
        refused = stored_run(run.job, run.job_input, run.step, document) if document else run
        if refused.target.id in gone or await self._is_placed(refused):
            raise error
        gone.append(refused.target.id)
        if refused.execution.session is not None:
            await self.provider.close_session(refused.target.id, refused.execution.session)
        try:
            target = await self.choose(run.job, run.job_input, refused.plan, without=gone)
        except NoSuitableTargetError:
            raise error from None
        _log.warning(
            "Job %s: %s is gone, %s is chosen",
            job_id,
            refused.target.id,
            target.id,
            extra={"action": "target_replaced"},
        )
        loops = refused.execution.session is not None
        execution = Execution.decide(
            run.job, run.job_input, target, run.step, refused.plan, loops=loops
        )
        moved = replace(refused, execution=execution)
        # If another process has replaced it meanwhile, that choice counts.
        await self.documents.replace(owner, job_id, name, document or {}, step_document(moved))
        return moved

    async def _is_placed(self, run: Run) -> bool:
        """Return whether the provider has any circuit of a run, from an earlier attempt."""
        for provider_job in run.ids:
            try:
                await self.provider.status(run.target.id, provider_job)
            except UnknownProviderJobError:
                continue
            return True
        return False
