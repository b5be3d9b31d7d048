"""Put the circuits of one step at the provider, exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qjobs.domain.errors import PermanentError
from qjobs.domain.identifiers import circuit_seed
from qjobs.domain.plan import ProviderJob
from qjobs.domain.run import Run, plan_of, step_document, step_name
from qjobs.ports import Documents, QuantumProvider

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Store the programs of a step, then submit them under their derived ids."""

    documents: Documents
    provider: QuantumProvider

    async def __call__(self, owner: str, run: Run, name: str) -> Run:
        """Return the run that is at the provider, where its jobs are called *name*.

        It differs from the one given if an earlier attempt has stored the step's programs: those
        are the ones that count. Whoever repeats this, after a crash at any point, ends up with the
        same jobs at the provider.

        Raises:
            PermanentError: the provider refuses a program.

        """
        document = step_name(run.step)
        if not await self.documents.put(owner, run.job_id, document, step_document(run.plan)):
            earlier = await self.documents.get(owner, run.job_id, document)
            run = replace(run, plan=plan_of(earlier)) if earlier else run
        seed = run.inputs.seed
        programs = [
            ProviderJob(
                id=provider_id,
                name=name,
                target=run.target.id,
                provider=run.target.provider,
                program=program,
                shots=run.inputs.shots,
                seed=None if seed is None else circuit_seed(seed, run.step, index),
                options=run.options,
                trace_parent=run.trace_parent,
            )
            for index, (provider_id, program) in enumerate(
                zip(run.ids, run.plan.programs, strict=True)
            )
        ]
        await self._submit(programs)
        _log.info(
            "Job %s, step %d: %d circuits at %s",
            run.job_id,
            run.step,
            len(programs),
            run.target.id,
            extra={"action": "step_placed"},
        )
        return run

    async def _submit(self, programs: Sequence[ProviderJob]) -> None:
        submitted = await asyncio.gather(
            *map(self.provider.submit, programs), return_exceptions=True
        )
        errors = [error for error in submitted if error is not None]
        refused = next((error for error in errors if isinstance(error, PermanentError)), None)
        if refused is not None:
            # The step cannot be completed: what was taken of it must not run for nothing.
            await asyncio.gather(*(self.provider.cancel(program.id) for program in programs))
            raise refused
        if errors:
            raise errors[0]
